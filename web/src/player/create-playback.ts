import type { Playback } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

export type PlaybackWish = { ttl_s?: number; download?: boolean };

/** A signed address of the video's file that works without a session until it expires. */
export const createPlayback = (videoId: string, wish: PlaybackWish = {}) =>
  call<Playback>("POST", urls.videoPlayback(videoId), { body: { kind: "file", ...wish } });
