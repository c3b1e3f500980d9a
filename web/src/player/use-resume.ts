import { type RefObject, useEffect, useRef, useState } from "react";
import { isWorth, leave, leftAt } from "./resume";

const EVERY_S = 5;
const REPORT_MS = 10_000;
const NOTICE_S = 8; // of playback, until the notice about the resumed position goes

type Options = {
  /** Positions are kept under it; without a key none are. */
  key?: string;
  /** The start that a link names. */
  startAt?: number | null;
  /** The position that the server has; null for none. Without it the one of this browser counts. */
  left?: number | null;
  /** Takes the position at most every 10 s, on pause and at the end. */
  onLeave?: (seconds: number) => void;
};

export type Resume = {
  /** The start in seconds: what the link names, else where this browser left the video, else 0. */
  begin: (duration: number) => number;
  /** The position it was resumed at, while the notice about it is shown. */
  resumed: number | null;
  dismiss: () => void;
};

/** Start a video where its link says, or where this browser left it, and keep its position for the next visit. */
export function useResume(
  video: RefObject<HTMLVideoElement | null>,
  { key, startAt = null, left: known, onLeave }: Options,
): Resume {
  const report = useRef(onLeave);
  report.current = onLeave;
  const [resumed, setResumed] = useState<{ key?: string; at: number } | null>(null);

  const begin = (duration: number) => {
    const isInside = (seconds: number) => Number.isNaN(duration) || seconds < duration;
    if (startAt !== null) return isInside(startAt) ? startAt : 0;
    const left = known !== undefined ? known : key === undefined ? null : leftAt(key);
    if (left === null || !isInside(left)) return 0;
    if (known !== undefined && Number.isFinite(duration) && !isWorth(left, duration)) return 0;
    setResumed({ key, at: left });
    return left;
  };

  useEffect(() => {
    const element = video.current;
    if (!element || key === undefined) return;
    return keepPosition(element, key, (seconds) => report.current?.(seconds));
  }, [video, key]);

  useEffect(() => {
    const element = video.current;
    if (!element || resumed === null) return;
    const watch = () => {
      const { currentTime } = element;
      if (currentTime < resumed.at - 1 || currentTime > resumed.at + NOTICE_S) setResumed(null);
    };
    element.addEventListener("timeupdate", watch);
    return () => element.removeEventListener("timeupdate", watch);
  }, [video, resumed]);

  return { begin, resumed: resumed?.key === key ? (resumed?.at ?? null) : null, dismiss: () => setResumed(null) };
}

/** Keep the position of what plays, every few seconds and at the end. A visit without playback leaves it as it is. */
function keepPosition(element: HTMLVideoElement, key: string, report: (seconds: number) => void): () => void {
  let kept = 0;
  let reported = 0; // when, in milliseconds
  let said = -1;
  let played = false;
  let latest: { time: number; duration: number } | null = null; // an element that was unloaded forgets both
  const note = () => {
    if (played && element.readyState >= HTMLMediaElement.HAVE_METADATA)
      latest = { time: element.currentTime, duration: element.duration };
  };
  const keep = () => {
    note();
    if (!latest) return;
    kept = latest.time;
    leave(key, latest.time, latest.duration);
  };
  const tell = () => {
    keep();
    if (!latest || Math.abs(latest.time - said) < 1) return;
    reported = Date.now();
    said = latest.time;
    report(latest.time);
  };
  const start = () => {
    played = true;
  };
  const pass = () => {
    note();
    if (latest && Math.abs(latest.time - kept) >= EVERY_S && !element.paused) keep();
    if (!element.paused && Date.now() - reported >= REPORT_MS) tell();
  };
  const leaving = new AbortController();
  const { signal } = leaving;
  for (const [name, listener] of Object.entries({ play: start, timeupdate: pass, pause: tell, ended: tell }))
    element.addEventListener(name, listener, { signal });
  window.addEventListener("pagehide", tell, { signal });
  return () => {
    leaving.abort();
    tell();
  };
}
