import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Page, Video } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { videoKeys } from "./keys";

export type VideoFilters = { search?: string; origin?: string; state?: string; sort?: string };

/** A page at a time; asked again by itself only while something in it is being prepared. */
export const videosQuery = (filters: VideoFilters, limit = 100) =>
  infiniteQueryOptions({
    queryKey: videoKeys.list({ ...filters, limit }),
    queryFn: ({ pageParam, signal }) => call<Page<Video>>("GET", urls.videos, { query: { ...filters, limit, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      const preparing = pages.some((page) => page.items.some((video) => video.state === "preparing"));
      return preparing ? 2_000 * Math.max(1, pages.length) : false;
    },
  });
