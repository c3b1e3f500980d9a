/** Addresses that something other than the generated client opens. Pages of the app are spelled by the router. */

const api = "/api/v1";

export const urls = {
  /** Where tus-js-client creates its uploads. */
  uploads: `${api}/uploads`,
  /** What an EventSource listens to. */
  jobEvents: (id: string) => `${api}/jobs/${encodeURIComponent(id)}/events`,
  /** What is asked to learn whether the server is there. */
  status: `${api}/status`,
};
