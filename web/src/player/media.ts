import type { PlaybackRequest } from "@/gen";
import { createPlayback } from "./create-playback";

export type Address = { path: string; expires_at: string };

/** Something a player can play: a file as it is, or a stream of segments, and the way to a signed address of it. */
export type Media = { key: string; kind: "file" | "stream"; mint: () => Promise<Address> };

/** Who gives the signed addresses of a video: the API to its owner, a share link to whoever has it. */
export type Mint = (wish: Pick<PlaybackRequest, "kind" | "rendition">) => Promise<Address>;

const byApi =
  (videoId: string): Mint =>
  (wish) =>
    createPlayback(videoId, wish);

/** The original, or a rendition by its name. */
export const fileOf = (videoId: string, mint = byApi(videoId), rendition?: string): Media => ({
  key: ["file", videoId, rendition].filter(Boolean).join(" "),
  kind: "file",
  mint: () => mint({ rendition }),
});

/** @param audio The audio track that is heard; with another one it is another stream. */
export const streamOf = (videoId: string, mint = byApi(videoId), audio: number | null = null): Media => ({
  key: ["stream", videoId, audio].filter((part) => part !== null).join(" "),
  kind: "stream",
  mint: () => mint({ kind: "hls" }),
});
