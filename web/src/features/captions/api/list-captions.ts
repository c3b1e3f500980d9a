import { queryOptions } from "@tanstack/react-query";
import { listCaptionTracks } from "@/gen";
import { unwrap } from "@/lib/api";
import { captionKeys } from "./keys";

export const captionsQuery = (videoId: string) =>
  queryOptions({
    queryKey: captionKeys.list(videoId),
    queryFn: ({ signal }) => unwrap(listCaptionTracks({ path: { video_id: videoId }, signal })),
  });
