import { queryOptions } from "@tanstack/react-query";
import { listVideoIds } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";
import { filterQuery, type VideoFilters } from "./list-videos";

/** All matching ids, also those of pages not loaded yet. */
export const videoIdsQuery = (filters: VideoFilters) =>
  queryOptions({
    queryKey: videoKeys.ids(filterQuery(filters)),
    queryFn: ({ signal }) => unwrap(listVideoIds({ query: filterQuery(filters), signal })),
    staleTime: 30_000,
  });
