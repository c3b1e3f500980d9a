import { infiniteQueryOptions } from "@tanstack/react-query";
import { isFollowed } from "@/features/uploads/queue";
import { type ListVideosData, listVideos } from "@/gen";
import { answer } from "@/lib/api";
import { videoKeys } from "./keys";

export type VideoFilters = Pick<NonNullable<ListVideosData["query"]>, "search" | "origin" | "state" | "sort">;

/** A page at a time; asked again by itself only while something in it is being prepared that no upload of this page follows. */
export const videosQuery = (filters: VideoFilters, limit = 100) =>
  infiniteQueryOptions({
    queryKey: videoKeys.list({ ...filters, limit }),
    queryFn: ({ pageParam, signal }) => answer(listVideos({ query: { ...filters, limit, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      const preparing = pages.some((page) =>
        page.items.some(({ id, state }) => state === "preparing" && !isFollowed(id)),
      );
      return preparing ? 2_000 * Math.max(1, pages.length) : false;
    },
  });
