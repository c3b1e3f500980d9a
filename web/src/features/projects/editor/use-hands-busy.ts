import { useEffect, useState } from "react";
import { isTyping } from "@/lib/typing";

/** Whether the user is typing or dragging; dialogs that open on their own wait for the end of it. */
export function useHandsBusy(): boolean {
  const [typing, setTyping] = useState(() => isTyping(document.activeElement));
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const enter = (event: FocusEvent) => setTyping(isTyping(event.target));
    const leave = (event: FocusEvent) => setTyping(isTyping(event.relatedTarget));
    const press = (event: PointerEvent) =>
      setHeld(!(event.target instanceof Element && event.target.closest("[role='dialog']")));
    const release = () => setHeld(false);
    const heard = [
      ["focusin", enter],
      ["focusout", leave],
      ["pointerdown", press],
      ["pointerup", release],
      ["pointercancel", release],
    ] as [string, EventListener][];
    for (const [name, listener] of heard) document.addEventListener(name, listener, true);
    return () => {
      for (const [name, listener] of heard) document.removeEventListener(name, listener, true);
    };
  }, []);
  return typing || held;
}
