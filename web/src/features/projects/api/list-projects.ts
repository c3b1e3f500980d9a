import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Page, ProjectSummary } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { projectKeys } from "./keys";

export type ProjectFilters = { search?: string; sort?: string };

export const projectsQuery = (filters: ProjectFilters) =>
  infiniteQueryOptions({
    queryKey: projectKeys.list(filters),
    queryFn: ({ pageParam, signal }) => call<Page<ProjectSummary>>("GET", urls.projects, { query: { ...filters, limit: 60, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some((item) => item.status === "stitching")) ? 3_000 : false),
  });
