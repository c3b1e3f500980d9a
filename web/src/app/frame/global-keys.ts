import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { isTyping } from "@/lib/typing";

const GO: Record<string, string> = { l: "/library", p: "/projects", i: "/live", j: "/jobs" };
const PAIR_MS = 1200; // how long `g` waits for its second key

/** Global shortcuts: `/` focuses the search, `g` and a letter opens a page, `?` lists the shortcuts. */
export function useGlobalKeys(showKeys: () => void): void {
  const navigate = useNavigate();
  const show = useRef(showKeys);
  show.current = showKeys;
  useEffect(() => {
    let gone = 0;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("[aria-modal='true']")) return;
      const room = GO[event.key];
      if (room && Date.now() - gone < PAIR_MS) {
        event.preventDefault();
        gone = 0;
        void navigate({ to: room });
      } else if (event.key === "g") {
        gone = Date.now();
      } else if (event.key === "?") {
        show.current();
      } else if (event.key === "/") {
        event.preventDefault();
        const field = document.querySelector<HTMLInputElement>("input[data-search]");
        if (field) field.focus();
        else
          void navigate({ to: "/library" }).then(() =>
            setTimeout(() => document.querySelector<HTMLInputElement>("input[data-search]")?.focus(), 60),
          );
      }
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [navigate]);
}
