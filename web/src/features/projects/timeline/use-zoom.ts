import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { PAD } from "./use-window";

const MOST = 800; // pixels per second: a frame at 25 fps is 32 wide
const COMFORTABLE = 64; // pixels of an ordinary clip at first

export type Zoom = {
  /** Pixels per second. */
  scale: number;
  /** Zoom by a factor, around a place of the view in pixels; by default around the playhead. */
  by: (factor: number, around?: number) => void;
  fit: () => void;
  isLeast: boolean;
  isMost: boolean;
};

type Given = {
  box: RefObject<HTMLDivElement | null>;
  width: number;
  total: number;
  count: number;
  playhead: () => number | null;
};

/** The zoom of the timeline: all clips at first, unless there are so many that they would be too narrow. */
export function useZoom({ box, width, total, count, playhead }: Given): Zoom {
  const [chosen, setChosen] = useState<number | null>(null);
  const fitting = Math.max(0, width - 2 * PAD - 24) / Math.max(total, 0.5);
  const least = Math.min(fitting, 20);
  const clamped = (scale: number) => Math.min(MOST, Math.max(least, scale));
  const scale = clamped(chosen ?? Math.max(fitting, (COMFORTABLE * count) / Math.max(total, 0.5)));
  const anchor = useRef<{ time: number; x: number } | null>(null);
  const newest = useRef({ scale, playhead, fitting });
  newest.current = { scale, playhead, fitting };
  const by = useCallback(
    (factor: number, around?: number) => {
      const { current } = box;
      if (!current) return;
      const { scale: before, playhead: at } = newest.current;
      const line = PAD + (at() ?? 0) * before - current.scrollLeft;
      const isInView = line >= 0 && line <= current.clientWidth;
      const x = around ?? (isInView ? line : current.clientWidth / 2);
      anchor.current = { time: (current.scrollLeft + x - PAD) / before, x };
      setChosen(before * factor);
    },
    [box],
  );
  useLayoutEffect(() => {
    const { current: held } = anchor;
    anchor.current = null;
    if (held && box.current) box.current.scrollLeft = PAD + held.time * scale - held.x;
  }, [box, scale]);
  const fit = useCallback(() => {
    setChosen(newest.current.fitting);
    if (box.current) box.current.scrollLeft = 0;
  }, [box]);
  useGestures(box, by);
  return { scale, by, fit, isLeast: scale <= least, isMost: scale >= MOST };
}

/** Ctrl + wheel and two fingers zoom; the wheel alone scrolls sideways as far as there is something to scroll. */
function useGestures(box: RefObject<HTMLDivElement | null>, by: Zoom["by"]): void {
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    const leftOf = (x: number) => x - current.getBoundingClientRect().left;
    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        by(Math.exp(-event.deltaY / 240), leftOf(event.clientX));
      } else if (event.deltaX === 0 && !event.shiftKey) {
        const before = current.scrollLeft;
        current.scrollLeft += event.deltaY;
        if (current.scrollLeft !== before) event.preventDefault();
      }
    };
    let spread = 0;
    const spreadOf = ({ touches: [a, b] }: TouchEvent) => (a && b ? Math.abs(a.clientX - b.clientX) : 0);
    const touch = (event: TouchEvent) => {
      const now = spreadOf(event);
      if (event.type === "touchmove" && now > 8 && spread > 8) {
        event.preventDefault();
        const [a, b] = event.touches;
        by(now / spread, leftOf((a!.clientX + b!.clientX) / 2));
      }
      spread = now;
    };
    const leaving = new AbortController();
    const options = { passive: false, signal: leaving.signal };
    current.addEventListener("wheel", wheel, options);
    for (const name of ["touchstart", "touchmove", "touchend"] as const) current.addEventListener(name, touch, options);
    return () => leaving.abort();
  }, [box, by]);
}
