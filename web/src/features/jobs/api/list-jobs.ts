import { infiniteQueryOptions } from "@tanstack/react-query";
import { type ListJobsData, listJobs } from "@/gen";
import { unwrap } from "@/lib/api";
import { jobKeys } from "./keys";

export type JobFilters = Pick<
  NonNullable<ListJobsData["query"]>,
  "state" | "kind" | "background" | "project_id" | "group_id"
>;

export const jobsQuery = (filters: JobFilters) =>
  infiniteQueryOptions({
    queryKey: jobKeys.list(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(listJobs({ query: { ...filters, limit: 50, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
