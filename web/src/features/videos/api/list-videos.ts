import { infiniteQueryOptions } from "@tanstack/react-query";
import { isFollowed } from "@/features/uploads/queue";
import { type ListVideosData, listVideos } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

type Query = NonNullable<ListVideosData["query"]>;

/** The filters and order of the library, as its URL has them. */
export type VideoFilters = Pick<
  Query,
  "search" | "origin" | "state" | "sort" | "collection_id" | "watched" | "owner"
> & { tag?: string };

/** The same for the API, which takes several tags. */
export const filterQuery = ({ search, origin, state, collection_id, watched, owner, tag }: VideoFilters): Query => ({
  search,
  origin,
  state,
  collection_id,
  watched,
  owner,
  tag: tag ? [tag] : undefined,
});

/** Videos page by page; polled only while one is being prepared that the upload tray does not follow. */
export const videosQuery = (filters: VideoFilters, limit = 100) =>
  infiniteQueryOptions({
    queryKey: videoKeys.list({ ...filters, limit }),
    queryFn: ({ pageParam, signal }) =>
      unwrap(listVideos({ query: { ...filterQuery(filters), sort: filters.sort, limit, cursor: pageParam }, signal })),
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
