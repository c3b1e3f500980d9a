import type { PlaybackRequest } from "@/gen";
import { createLivePlayback } from "./create-live-playback";
import { createPlayback } from "./create-playback";

export type SignedUrl = { path: string; expires_at: string };

/** Something a player can play: a file or a stream of segments, and how its URL is signed. */
export type Media = { key: string; kind: "file" | "stream"; sign: () => Promise<SignedUrl> };

/** Signs the URLs of a video: the API for its owner, a share link for its viewers. */
export type Signer = (request: Pick<PlaybackRequest, "kind" | "rendition">) => Promise<SignedUrl>;

const apiSigner =
  (videoId: string): Signer =>
  (request) =>
    createPlayback(videoId, request);

/** The original, or a rendition by its name. */
export const fileOf = (videoId: string, signer = apiSigner(videoId), rendition?: string): Media => ({
  key: ["file", videoId, rendition].filter(Boolean).join(" "),
  kind: "file",
  sign: () => signer({ rendition }),
});

/** @param audio The audio track that plays; another track is another stream. */
export const streamOf = (videoId: string, signer = apiSigner(videoId), audio: number | null = null): Media => ({
  key: ["stream", videoId, audio].filter((part) => part !== null).join(" "),
  kind: "stream",
  sign: () => signer({ kind: "hls" }),
});

/** A recording from its first second to the live edge, while it grows. */
export const liveOf = (recordingId: string): Media => ({
  key: `live ${recordingId}`,
  kind: "stream",
  sign: () => createLivePlayback(recordingId),
});
