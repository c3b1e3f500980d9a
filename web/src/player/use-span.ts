import { type RefObject, useEffect, useRef } from "react";

type Options = {
  /** Half-open, in seconds. */
  span?: { start: number; end: number };
  onTime?: (seconds: number) => void;
  onSpanEnd?: () => void;
};

/** Keep playback within a span, and report the time, on each frame while it plays. */
export function useSpan(video: RefObject<HTMLVideoElement | null>, options: Options): void {
  const newest = useRef(options);
  newest.current = options;
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let frame = 0;
    const report = () => newest.current.onTime?.(element.currentTime);
    const tick = () => {
      const { span, onSpanEnd } = newest.current;
      report();
      if (span && !element.paused && element.currentTime >= span.end - 0.01) {
        element.pause();
        onSpanEnd?.();
        return;
      }
      frame = element.paused ? 0 : requestAnimationFrame(tick);
    };
    const start = () => {
      const { span } = newest.current;
      const { currentTime } = element;
      if (span && (currentTime >= span.end - 0.05 || currentTime < span.start - 0.05)) element.currentTime = span.start;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(tick);
    };
    const end = () => newest.current.span && newest.current.onSpanEnd?.();
    const leaving = new AbortController();
    const listeners = { play: start, seeking: report, timeupdate: report, ended: end };
    for (const [name, listener] of Object.entries(listeners))
      element.addEventListener(name, listener, { signal: leaving.signal });
    return () => {
      cancelAnimationFrame(frame);
      leaving.abort();
    };
  }, [video]);
}
