import { queryOptions } from "@tanstack/react-query";
import type { Job, Page } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { jobKeys } from "./keys";

/** The person's own jobs that run or wait, oldest first; asked often only while there are some. */
export const activeJobsQuery = queryOptions({
  queryKey: jobKeys.active,
  queryFn: async ({ signal }) => {
    const ask = (state: string) => call<Page<Job>>("GET", urls.jobs, { query: { state, limit: 20 }, signal });
    const [running, queued] = await Promise.all([ask("running"), ask("queued")]);
    const seen = new Map([...queued.items, ...running.items].map((job) => [job.id, job]));
    return [...seen.values()].sort((a, b) => a.created_at.localeCompare(b.created_at));
  },
  refetchInterval: (query) => (query.state.data?.length ? 2_500 : 20_000),
});
