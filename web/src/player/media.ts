import { createPlayback } from "./create-playback";

export type Address = { path: string; expires_at: string };

/** Something a player can play: a file as it is, or a stream of segments, and the way to a signed address of it. */
export type Media = { key: string; kind: "file" | "stream"; mint: () => Promise<Address> };

export const fileOf = (videoId: string): Media => ({ key: `file ${videoId}`, kind: "file", mint: () => createPlayback(videoId) });

export const streamOf = (videoId: string): Media => ({ key: `stream ${videoId}`, kind: "stream", mint: () => createPlayback(videoId, { kind: "hls" }) });
