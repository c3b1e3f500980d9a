import { type PointerEvent, type RefObject, useRef, useState } from "react";
import type { ClipActions } from "../editor/clip-actions";
import type { Layout } from "../editor/times";
import { followDrag } from "./pointer";
import { useStable } from "./use-stable";
import { PAD } from "./use-window";

type Given = {
  box: RefObject<HTMLDivElement | null>;
  line: RefObject<HTMLDivElement | null>;
  along: Layout;
  scale: number;
  selection: ReadonlySet<string>;
  actions: ClipActions;
};

const EDGE_PX = 48; // near an edge of the view, a drag scrolls
const STEP_PX = 14;

/**
 * Moving clips by dragging. The dragged ones follow the pointer by transform alone and a line shows where they would go:
 * nothing renders until they are let go.
 */
export function useMove({ box, line, along, scale, selection, actions }: Given) {
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set());
  const newest = useRef({ along, scale });
  newest.current = { along, scale };
  const begin = useStable((event: PointerEvent<HTMLElement>, key: string) => {
    const keys = selection.has(key) ? selection : new Set([key]);
    const from = box.current?.scrollLeft ?? 0;
    let frame = 0;
    let to = -1;
    let last = { dx: 0, x: 0 };
    const elements = () =>
      [...keys].map((each) => box.current?.querySelector<HTMLElement>(`[data-clip="${each}"]`) ?? null);
    const show = () => {
      const { current } = box;
      if (!current) return;
      const { left, width } = current.getBoundingClientRect();
      const x = last.x - left;
      if (x < EDGE_PX) current.scrollLeft -= STEP_PX;
      if (x > width - EDGE_PX) current.scrollLeft += STEP_PX;
      const dx = last.dx + current.scrollLeft - from;
      for (const element of elements()) if (element) element.style.transform = `translateX(${dx}px)`;
      const drop = dropAt(newest.current.along, keys, (x + current.scrollLeft - PAD) / newest.current.scale);
      to = drop.to;
      if (line.current) {
        line.current.hidden = false;
        line.current.style.transform = `translateX(${PAD + drop.at * newest.current.scale - 2}px)`;
      }
      frame = requestAnimationFrame(show);
    };
    const stop = () => {
      cancelAnimationFrame(frame);
      for (const element of elements()) element?.style.removeProperty("transform");
      if (line.current) line.current.hidden = true;
      setHeld(new Set());
    };
    followDrag(event, {
      move: (dx, { clientX }) => {
        last = { dx, x: clientX };
        if (frame) return;
        setHeld(keys);
        show();
      },
      end: () => {
        stop();
        if (!selection.has(key)) actions.select(key);
        if (to >= 0) actions.place(key, to);
      },
      cancel: stop,
    });
  });
  return { held, begin };
}

/** The place among the clips that stay, and its time, that is nearest to a time of the reel. */
export function dropAt({ placed, total }: Layout, moving: ReadonlySet<string>, seconds: number) {
  const rest = placed.filter(({ clip }) => !moving.has(clip.key));
  const before = rest.filter(({ start, end }) => (start + end) / 2 < seconds);
  const next = rest[before.length];
  return { to: before.length, at: next?.start ?? before.at(-1)?.end ?? total };
}
