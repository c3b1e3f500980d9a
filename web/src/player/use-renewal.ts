import { type RefObject, useEffect, useRef } from "react";
import type { Source } from "./use-source";

const MARGIN_MS = 60_000; // an address is replaced this long before it ends, or a quarter of its life if that is less
const LOOK_MS = 15_000;

/**
 * Replace a signed address before it ends. While nothing is played none is asked for, however long that lasts: the next
 * one comes when somebody plays, or seeks to what is not loaded yet.
 */
export function useRenewal(video: RefObject<HTMLVideoElement | null>, source: Source | null, renew: () => void): void {
  const told = useRef(renew);
  told.current = renew;
  useEffect(() => {
    const element = video.current;
    if (!element || !source) return;
    const life = source.expiresAt - source.mintedAt;
    if (life <= 0) return; // this machine's clock is not the server's: a refusal will tell
    const margin = Math.min(MARGIN_MS, life / 4);
    const due = () => Date.now() >= source.expiresAt - margin;
    const look = () => {
      if (due() && !element.paused && !isLoaded(element, element.duration)) told.current();
    };
    const seeking = () => {
      if (due() && !isLoaded(element, element.currentTime)) told.current();
    };
    const timer = setInterval(look, Math.min(LOOK_MS, margin / 2));
    element.addEventListener("play", look);
    element.addEventListener("seeking", seeking);
    return () => {
      clearInterval(timer);
      element.removeEventListener("play", look);
      element.removeEventListener("seeking", seeking);
    };
  }, [video, source]);
}

/** Whether all between the place that is played and another one is there, so that no address is needed to get to it. */
function isLoaded({ buffered, currentTime }: HTMLVideoElement, until: number): boolean {
  const [from, to] = [Math.min(currentTime, until), Math.max(currentTime, until)];
  for (let n = 0; n < buffered.length; n++)
    if (buffered.start(n) <= from + 0.1 && buffered.end(n) >= to - 0.25) return true;
  return false;
}
