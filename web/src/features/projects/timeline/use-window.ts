import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";

/** A span in pixels. */
export type Shown = { from: number; to: number };

export const PAD = 8; // left of the first clip, so that a playhead at 0 is visible

/**
 * The width of a scrolled box, and the span of its content that is worth drawing: what is in view and as much on each side,
 * in steps of half a view, so that scrolling rarely renders.
 */
export function useWindow(box: RefObject<HTMLDivElement | null>): { width: number; shown: Shown; look: () => void } {
  const [width, setWidth] = useState(0);
  const [step, setStep] = useState(0);
  const look = useCallback(() => {
    if (box.current) setStep(Math.floor(box.current.scrollLeft / Math.max(1, box.current.clientWidth / 2)));
  }, [box]);
  useLayoutEffect(() => {
    if (!box.current) return;
    const { current } = box;
    setWidth(current.clientWidth);
    const observer = new ResizeObserver(() => {
      setWidth(current.clientWidth);
      look();
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [box, look]);
  useEffect(() => {
    const { current } = box;
    current?.addEventListener("scroll", look, { passive: true });
    return () => current?.removeEventListener("scroll", look);
  }, [box, look]);
  const half = width / 2;
  return { width, shown: { from: (step - 1) * half, to: (step + 4) * half }, look };
}

/** The part of a span that begins at `left`, on the span's own clock. */
export const within = ({ from, to }: Shown, left: number): Shown => ({ from: from - left, to: to - left });
