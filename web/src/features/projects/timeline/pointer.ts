import type { PointerEvent as ReactPointerEvent } from "react";

type Drag = {
  /** Called with the pixels since the press, once they are more than a click's. */
  move: (dx: number, event: PointerEvent) => void;
  end: (event: PointerEvent) => void;
  /** By Esc, or as the browser takes over. */
  cancel: () => void;
};

const CLICK_PX = 4;
const HOLD_MS = 180; // a finger that moves earlier scrolls

/**
 * Follow a press until it ends; a drag begins after a few pixels, of a finger after holding it still. Gives nothing to the
 * click that follows a drag.
 */
export function followDrag(press: ReactPointerEvent<HTMLElement>, drag: Drag, { atOnce = false } = {}): void {
  if (press.button !== 0) return;
  const target = press.currentTarget;
  const { pointerId, clientX, pointerType } = press;
  const since = performance.now();
  const mustHold = pointerType === "touch" && !atOnce;
  let dragging = false;
  const leaving = new AbortController();
  const on = <K extends keyof WindowEventMap>(name: K, listener: (event: WindowEventMap[K]) => void, capture = false) =>
    window.addEventListener(name, listener, { signal: leaving.signal, capture, passive: false });
  const stop = (ended: () => void) => {
    leaving.abort();
    if (!dragging) return;
    ended();
    const swallow = (event: Event) => event.stopPropagation();
    target.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => target.removeEventListener("click", swallow, { capture: true }), 0);
  };
  on("pointermove", (event) => {
    if (event.pointerId !== pointerId) return;
    const dx = event.clientX - clientX;
    if (!dragging && Math.abs(dx) < CLICK_PX) return;
    if (!dragging && mustHold && performance.now() - since < HOLD_MS) return stop(() => undefined);
    dragging = true;
    drag.move(dx, event);
  });
  on("touchmove", (event) => dragging && event.preventDefault());
  on("pointerup", (event) => event.pointerId === pointerId && stop(() => drag.end(event)));
  on("pointercancel", (event) => event.pointerId === pointerId && stop(drag.cancel));
  on(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !dragging) return;
      event.preventDefault();
      event.stopPropagation();
      stop(drag.cancel);
    },
    true,
  );
}
