import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";

const KEY = "playhead-scheme"; // also read by index.html before the first paint

/** Persistence of the color scheme; without a choice it follows the system. */
export function colorSchemeManager(): MantineColorSchemeManager {
  let heard: ((event: StorageEvent) => void) | undefined;
  const read = (value: string | null): MantineColorScheme => (value === "light" || value === "dark" ? value : "auto");
  return {
    get: (otherwise) => {
      try {
        return read(localStorage.getItem(KEY));
      } catch {
        return otherwise;
      }
    },
    set: (value) => {
      try {
        if (value === "auto") localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, value);
      } catch {
        // storage is disabled: the choice lasts until the page is closed
      }
    },
    subscribe: (update) => {
      heard = (event) => event.key === KEY && update(read(event.newValue));
      window.addEventListener("storage", heard);
    },
    unsubscribe: () => heard && window.removeEventListener("storage", heard),
    clear: () => localStorage.removeItem(KEY),
  };
}
