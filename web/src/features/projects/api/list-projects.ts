import { infiniteQueryOptions } from "@tanstack/react-query";
import { type ListProjectsData, listProjects } from "@/gen";
import { unwrap } from "@/lib/api";
import { projectKeys } from "./keys";

const UNDER_WAY = new Set(["generating", "stitching"]);

export type ProjectFilters = Pick<NonNullable<ListProjectsData["query"]>, "search" | "sort">;

export const projectsQuery = (filters: ProjectFilters) =>
  infiniteQueryOptions({
    queryKey: projectKeys.list(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(listProjects({ query: { ...filters, limit: 60, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(({ status }) => UNDER_WAY.has(status))) ? 3_000 : false,
  });
