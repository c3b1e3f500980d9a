import { queryOptions } from "@tanstack/react-query";
import { listJobs } from "@/gen";
import { answer } from "@/lib/api";
import { jobKeys } from "./keys";

/** The person's own jobs that run or wait, oldest first; asked often only while there are some. */
export const activeJobsQuery = queryOptions({
  queryKey: jobKeys.active,
  queryFn: async ({ signal }) => {
    const ask = (state: "running" | "queued") => answer(listJobs({ query: { state, limit: 20 }, signal }));
    const [running, queued] = await Promise.all([ask("running"), ask("queued")]);
    const seen = new Map([...queued.items, ...running.items].map((job) => [job.id, job]));
    return [...seen.values()].sort((a, b) => a.created_at.localeCompare(b.created_at));
  },
  refetchInterval: (query) => (query.state.data?.length ? 2_500 : 20_000),
});
