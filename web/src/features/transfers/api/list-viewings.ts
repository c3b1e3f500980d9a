import { infiniteQueryOptions } from "@tanstack/react-query";
import { listViewings, type Viewing } from "@/gen";
import { unwrap } from "@/lib/api";

export const transferKeys = { all: ["transfers"] as const };

/** Active or ended viewings, polled while shown. */
export const viewingsQuery = (state: Viewing["state"], images: boolean) =>
  infiniteQueryOptions({
    queryKey: [...transferKeys.all, "viewings", state, images],
    queryFn: ({ pageParam, signal }) =>
      unwrap(listViewings({ query: { state, images, limit: 50, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: state === "active" ? 1_500 : 5_000,
  });
