/** The one place that spells addresses of the server. Pages of the app are spelled by the router. */

const api = "/api/v1";
const part = encodeURIComponent;

export const urls = {
  status: `${api}/status`,
  setup: `${api}/setup`,
  session: `${api}/session`,
  me: `${api}/me`,
  users: `${api}/users`,
  user: (id: string) => `${api}/users/${part(id)}`,
  keys: `${api}/keys`,
  key: (id: string) => `${api}/keys/${part(id)}`,
  videos: `${api}/videos`,
  video: (id: string) => `${api}/videos/${part(id)}`,
  videoPlayback: (id: string) => `${api}/videos/${part(id)}/playback`,
  videoProjects: (id: string) => `${api}/videos/${part(id)}/projects`,
  videoRetry: (id: string) => `${api}/videos/${part(id)}/retry`,
  uploads: `${api}/uploads`,
  upload: (id: string) => `${api}/uploads/${part(id)}`,
  projects: `${api}/projects`,
  project: (id: string) => `${api}/projects/${part(id)}`,
  projectClips: (id: string) => `${api}/projects/${part(id)}/clips`,
  projectStitch: (id: string) => `${api}/projects/${part(id)}/stitch`,
  jobs: `${api}/jobs`,
  job: (id: string) => `${api}/jobs/${part(id)}`,
  jobSteps: (id: string) => `${api}/jobs/${part(id)}/steps`,
  jobEvents: (id: string) => `${api}/jobs/${part(id)}/events`,
  jobCancel: (id: string) => `${api}/jobs/${part(id)}/cancel`,
  jobRetry: (id: string) => `${api}/jobs/${part(id)}/retry`,
};
