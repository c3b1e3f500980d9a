import { makePlayback } from "@/gen";
import { answer } from "@/lib/api";

export type PlaybackWish = { ttl_s?: number; download?: boolean };

/** A signed address of the video's file that works without a session until it expires. */
export const createPlayback = (videoId: string, wish: PlaybackWish = {}) =>
  answer(makePlayback({ path: { video_id: videoId }, body: { kind: "file", ...wish } }));
