import { makePlayback, type PlaybackRequest } from "@/gen";
import { unwrap } from "@/lib/api";

/** A signed URL of a video's file or of a derived one; works without a session until it expires. */
export const createPlayback = (videoId: string, request: PlaybackRequest = {}) =>
  unwrap(makePlayback({ path: { video_id: videoId }, body: request }));
