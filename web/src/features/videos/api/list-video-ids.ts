import { queryOptions } from "@tanstack/react-query";
import { listVideoIds } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";
import type { VideoFilters } from "./list-videos";

/** All matching ids, also those of pages not loaded yet. */
export const videoIdsQuery = ({ search, origin, state }: VideoFilters) =>
  queryOptions({
    queryKey: videoKeys.ids({ search, origin, state }),
    queryFn: ({ signal }) => unwrap(listVideoIds({ query: { search, origin, state }, signal })),
    staleTime: 30_000,
  });
