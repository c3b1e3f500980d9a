import { type RefObject, useEffect, useRef, useState } from "react";
import { leave, leftAt } from "./resume";

const EVERY_S = 5;
const TOLD_S = 8; // how long it is told that it began in the middle

export type Resume = {
  /** Where the video begins, in seconds; asked once it is known how long it is. */
  begin: () => number;
  /** Set while it is told that it began where it was left. */
  resumed: number | null;
  forget: () => void;
};

/**
 * Where a video begins: at the time that the link names, else where this browser left it, else at its start.
 *
 * @param key What the place is kept under; without one none is kept.
 */
export function useResume(
  video: RefObject<HTMLVideoElement | null>,
  key: string | undefined,
  startAt: number | null | undefined,
): Resume {
  const [resumed, setResumed] = useState<number | null>(null);
  const wanted = useRef(startAt);
  wanted.current = startAt;

  const begin = () => {
    const duration = video.current?.duration ?? Number.NaN;
    const named = wanted.current ?? null;
    if (named !== null) return named < duration || Number.isNaN(duration) ? named : 0;
    const left = key === undefined ? null : leftAt(key);
    if (left === null || left >= duration) return 0;
    setResumed(left);
    return left;
  };

  useEffect(() => {
    const element = video.current;
    if (!element || key === undefined) return;
    let noted = 0;
    let played = false; // to look at a page is not to leave a video
    const start = () => void (played = true);
    const note = () => {
      if (!played || element.readyState < element.HAVE_METADATA) return;
      noted = element.currentTime;
      leave(key, element.currentTime, element.duration);
    };
    const pass = () => Math.abs(element.currentTime - noted) >= EVERY_S && !element.paused && note();
    const heard = { play: start, timeupdate: pass, pause: note, ended: note } as const;
    for (const [name, listener] of Object.entries(heard)) element.addEventListener(name, listener);
    window.addEventListener("pagehide", note);
    return () => {
      for (const [name, listener] of Object.entries(heard)) element.removeEventListener(name, listener);
      window.removeEventListener("pagehide", note);
      note();
    };
  }, [video, key]);

  useEffect(() => setResumed(null), [key]);

  useEffect(() => {
    const element = video.current;
    if (!element || resumed === null) return;
    const look = () =>
      (element.currentTime < resumed - 1 || element.currentTime > resumed + TOLD_S) && setResumed(null);
    element.addEventListener("timeupdate", look);
    return () => element.removeEventListener("timeupdate", look);
  }, [video, resumed]);

  return { begin, resumed, forget: () => setResumed(null) };
}
