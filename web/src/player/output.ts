import type { LiveEdge } from "./live-edge";
import type { Media } from "./media";

/** A signed URL of a media, with the times of this machine's clock. */
export type Source = { key: string; kind: Media["kind"]; path: string; signedAt: number; expiresAt: number };

export type Start = {
  /** In seconds; read when the source is about to load. */
  at: () => number;
  quality: string | null;
  audioTrack: string | null;
  /** Show the last frame until the next source plays, as the same video continues. */
  holdFrame: boolean;
};

/** The media element, as far as the player controls it. */
export interface Output {
  attach(source: Source, start: Start): void;
  /** Continue a stream under a new signature; false where it has to be attached again. */
  renew(source: Source): boolean;
  /** Unload everything, so that nothing can be heard either. */
  detach(keep?: Pick<Start, "holdFrame">): void;
  /** Hold a stream to a quality; false where the stream doesn't list it. */
  hold(quality: string | null): boolean;
  /** Play another audio track of a stream; null plays the first. */
  hear(audioTrack: string | null): void;
  time(): number;
  playing(): boolean;
  /** The time set on an element that has not loaded anything yet. */
  pendingSeek(): number | null;
  seek(seconds: number): void;
  /** Move the start of a source that is still loading. */
  startAt(seconds: number): void;
  duration(): number;
  /** Where a stream that grows ends; null for anything else. */
  liveEdge(): LiveEdge | null;
  play(): void;
  pause(): void;
}
