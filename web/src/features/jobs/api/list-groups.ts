import { infiniteQueryOptions } from "@tanstack/react-query";
import { type ListGroupsData, listGroups } from "@/gen";
import { unwrap } from "@/lib/api";
import { jobKeys } from "./keys";

export type GroupFilters = Pick<NonNullable<ListGroupsData["query"]>, "state" | "kind" | "background">;

/** What the person did, latest first: small jobs that belong together are one entry. */
export const groupsQuery = (filters: GroupFilters) =>
  infiniteQueryOptions({
    queryKey: jobKeys.groups(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(listGroups({ query: { ...filters, limit: 50, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
