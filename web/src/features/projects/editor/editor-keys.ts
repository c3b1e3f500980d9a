import { useEffect, useRef } from "react";
import { isTyping } from "@/lib/typing";

/** What the keys of the editor do, by the key with its modifiers: `s`, `Shift+z`, `Ctrl+d`. */
export type EditorKeys = Record<string, () => void>;

/**
 * The keyboard shortcuts of the editor, on the whole page except in text fields and dialogs. They go before those of the
 * player, and after those of what has the focus.
 */
export function useEditorKeys(keys: EditorKeys): void {
  const newest = useRef(keys);
  newest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || document.querySelector("[aria-modal='true']")) return;
      const act = newest.current[nameOf(event)];
      if (!act || (event.ctrlKey && event.key === "c" && hasSelectedText())) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

const hasSelectedText = (): boolean => (getSelection()?.toString() ?? "") !== "";

/** Punctuation has no Shift in its name: where it is on the keyboard differs. */
function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const isLetter = /^\p{L}$/u.test(key) || key.length > 1;
  const modifiers = [ctrlKey || metaKey ? "Ctrl+" : "", altKey ? "Alt+" : "", shiftKey && isLetter ? "Shift+" : ""];
  return modifiers.join("") + (key.length === 1 ? key.toLowerCase() : key);
}
