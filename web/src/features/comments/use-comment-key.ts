import { useEffect, useRef } from "react";
import { isTyping } from "@/lib/typing";

/** N begins a comment, as the other keys of the player anywhere on the page. */
export function useCommentKey(begin: () => void, enabled = true): void {
  const latest = useRef(begin);
  latest.current = begin;
  useEffect(() => {
    if (!enabled) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key.toLowerCase() !== "n" || document.querySelector("[aria-modal='true']")) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [enabled]);
}
