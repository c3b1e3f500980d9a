import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Job, Page } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { jobKeys } from "./keys";

export type JobFilters = { state?: string; kind?: string; project_id?: string };

export const jobsQuery = (filters: JobFilters) =>
  infiniteQueryOptions({
    queryKey: jobKeys.list(filters),
    queryFn: ({ pageParam, signal }) => call<Page<Job>>("GET", urls.jobs, { query: { ...filters, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
