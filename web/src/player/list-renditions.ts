import { queryOptions } from "@tanstack/react-query";
import { listRenditions } from "@/gen";
import { unwrap } from "@/lib/api";

/** The renditions of a video, ready or in progress. */
export const renditionsQuery = (videoId: string) =>
  queryOptions({
    queryKey: ["video", videoId, "renditions"] as const,
    queryFn: ({ signal }) => unwrap(listRenditions({ path: { video_id: videoId }, signal })),
    refetchInterval: ({ state }) => (state.data?.items.some((item) => item.state === "making") ? 5_000 : false),
  });
