import { queryOptions } from "@tanstack/react-query";
import { type Job, listJobs } from "@/gen";
import { unwrap } from "@/lib/api";
import { jobKeys } from "./keys";

export type ActiveJobs = {
  /** Jobs that the person requested, oldest first. */
  requested: Job[];
  /** Jobs that run in the background, such as the stills of new videos. */
  background: Job[];
};

/** The person's own jobs that are queued or running; polled often only while there are some. */
export const activeJobsQuery = queryOptions({
  queryKey: jobKeys.active,
  queryFn: async ({ signal }): Promise<ActiveJobs> => {
    const list = (state: "running" | "queued", background: boolean) =>
      unwrap(listJobs({ query: { state, background, limit: 20 }, signal }));
    const [running, queued, background] = await Promise.all([
      list("running", false),
      list("queued", false),
      list("running", true),
    ]);
    const seen = new Map([...queued.items, ...running.items].map((job) => [job.id, job]));
    return {
      requested: [...seen.values()].sort((a, b) => a.created_at.localeCompare(b.created_at)),
      background: background.items,
    };
  },
  refetchInterval: ({ state }) =>
    state.data && state.data.requested.length + state.data.background.length > 0 ? 2_500 : 20_000,
});
