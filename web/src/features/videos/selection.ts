import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isTyping } from "@/lib/typing";

/**
 * The selected videos. `toggle` with *range* selects from the last toggled one to this one; `selectAll` selects
 * the loaded videos at once, then all that *findAll* returns. A change of *scope* clears the selection.
 */
export function useSelection(ids: string[], findAll: () => Promise<string[]>, scope: string) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const shown = useRef(ids);
  shown.current = ids;

  const toggle = useCallback((id: string, range = false) => {
    const from = range && last.current ? shown.current.indexOf(last.current) : -1;
    const to = shown.current.indexOf(id);
    last.current = id;
    setChosen((before) => {
      const after = new Set(before);
      if (from >= 0 && to >= 0)
        for (const each of shown.current.slice(Math.min(from, to), Math.max(from, to) + 1)) after.add(each);
      else if (after.has(id)) after.delete(id);
      else after.add(id);
      return after;
    });
  }, []);
  const clear = useCallback(() => setChosen(new Set()), []);
  const find = useRef(findAll);
  find.current = findAll;
  const request = useRef(0);
  const selectAll = useCallback(async () => {
    const mine = ++request.current;
    setChosen(new Set(shown.current));
    const all = await find.current().catch(() => shown.current);
    if (mine === request.current) setChosen((now) => (now.size ? new Set(all) : now));
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list of videos ends the selection
  useEffect(() => {
    request.current++;
    setChosen((before) => (before.size ? new Set() : before));
  }, [scope]);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        isTyping(event.target) ||
        document.querySelector("[aria-modal='true'], [data-menu-dropdown]")
      )
        return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
        event.preventDefault();
        void selectAll();
      }
      if (event.key === "Escape") setChosen((before) => (before.size ? new Set() : before));
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [selectAll]);

  return useMemo(() => ({ chosen, toggle, clear, selectAll }), [chosen, toggle, clear, selectAll]);
}
