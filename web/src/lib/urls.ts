/** URLs used outside the generated client. Pages are built by the router. */

const api = "/api/v1";

export const urls = {
  /** Where tus-js-client creates its uploads. */
  uploads: `${api}/uploads`,
  /** The event stream of a job. */
  jobEvents: (id: string) => `${api}/jobs/${encodeURIComponent(id)}/events`,
  /** The ZIP of a recording's sidecars. */
  sidecars: (recordingId: string) => `${api}/recordings/${encodeURIComponent(recordingId)}/sidecars`,
  /** The probe of whether the server is reachable. */
  status: `${api}/status`,
};
