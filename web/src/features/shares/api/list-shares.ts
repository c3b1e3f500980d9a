import { queryOptions } from "@tanstack/react-query";
import { listShares } from "@/gen";
import { unwrap } from "@/lib/api";
import { shareKeys } from "./keys";

/** The share links of a video, newest first; polled for their view counts. */
export const sharesQuery = (videoId: string) =>
  queryOptions({
    queryKey: shareKeys.ofVideo(videoId),
    queryFn: ({ signal }) => unwrap(listShares({ path: { video_id: videoId }, query: { limit: 100 }, signal })),
    refetchInterval: 10_000,
  });
