import { type RefObject, useEffect } from "react";
import type { Source } from "./output";

const MARGIN_MS = 60_000; // a URL is replaced this long before it expires, or a quarter of its life if that is less
const CHECK_MS = 15_000;

/**
 * Renew a signed URL before it expires. A paused player renews nothing, however long it is paused: the next URL is signed
 * when it plays on, or seeks to what is not loaded yet.
 */
export function useRenewal(video: RefObject<HTMLVideoElement | null>, source: Source | null, renew: () => void): void {
  useEffect(() => {
    const element = video.current;
    const margin = source && marginOf(source);
    if (!element || !source || margin === null) return;
    const renewFor = (until: number) => {
      if (Date.now() >= source.expiresAt - margin && !isBuffered(element, until)) renew();
    };
    const check = () => {
      if (!element.paused) renewFor(element.duration);
    };
    const timer = setInterval(check, Math.min(CHECK_MS, margin / 2));
    const leaving = new AbortController();
    element.addEventListener("play", check, { signal: leaving.signal });
    element.addEventListener("seeking", () => renewFor(element.currentTime), { signal: leaving.signal });
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, [video, source, renew]);
}

/** How long before its end a URL is replaced; null where the clocks differ so much that only a refusal will show it. */
export function marginOf({ signedAt, expiresAt }: Pick<Source, "signedAt" | "expiresAt">): number | null {
  const life = expiresAt - signedAt;
  return life > 0 ? Math.min(MARGIN_MS, life / 4) : null;
}

type Loaded = Pick<HTMLMediaElement, "buffered" | "currentTime">;

/** Whether everything between the current time and another one is loaded. */
export function isBuffered({ buffered, currentTime }: Loaded, until: number): boolean {
  const [from, to] = [Math.min(currentTime, until), Math.max(currentTime, until)];
  const ranges = Array.from({ length: buffered.length }, (_, n) => [buffered.start(n), buffered.end(n)] as const);
  return ranges.some(([start, end]) => start <= from + 0.1 && end >= to - 0.25);
}
