import { makePlayback, type PlaybackRequest } from "@/gen";
import { answer } from "@/lib/api";

/** A signed URL of a video's file or of a derived one; works without a session until it expires. */
export const createPlayback = (videoId: string, wish: PlaybackRequest = {}) =>
  answer(makePlayback({ path: { video_id: videoId }, body: wish }));
