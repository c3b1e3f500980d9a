import { queryOptions } from "@tanstack/react-query";
import { getCaptionTrack } from "@/gen";
import { unwrap } from "@/lib/api";
import { captionKeys } from "./keys";

/** A caption track with its cues; not refetched by itself, as somebody may be editing it. */
export const captionTrackQuery = (videoId: string, id: string) =>
  queryOptions({
    queryKey: captionKeys.one(videoId, id),
    queryFn: ({ signal }) => unwrap(getCaptionTrack({ path: { track_id: id }, signal })),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
