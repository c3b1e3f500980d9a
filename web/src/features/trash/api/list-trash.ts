import { infiniteQueryOptions } from "@tanstack/react-query";
import { listTrash } from "@/gen";
import { unwrap } from "@/lib/api";

export const trashKey = ["trash"] as const;

/** The person's trash, page by page. */
export const trashQuery = infiniteQueryOptions({
  queryKey: trashKey,
  queryFn: ({ pageParam, signal }) => unwrap(listTrash({ query: { limit: 100, cursor: pageParam }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});
