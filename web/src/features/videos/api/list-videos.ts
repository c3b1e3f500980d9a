import { infiniteQueryOptions } from "@tanstack/react-query";
import { isFollowed } from "@/features/uploads/queue";
import { type ListVideosData, listVideos } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

export type VideoFilters = Pick<NonNullable<ListVideosData["query"]>, "search" | "origin" | "state" | "sort">;

/** Videos page by page; polled only while one is being prepared that the upload tray does not follow. */
export const videosQuery = (filters: VideoFilters, limit = 100) =>
  infiniteQueryOptions({
    queryKey: videoKeys.list({ ...filters, limit }),
    queryFn: ({ pageParam, signal }) => unwrap(listVideos({ query: { ...filters, limit, cursor: pageParam }, signal })),
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
