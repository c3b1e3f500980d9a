import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { isTyping } from "@/lib/typing";
import styles from "./keys.module.css";

const GO: Record<string, string> = { l: "/library", p: "/projects", j: "/jobs" };
const PAIR_MS = 1200; // how long `g` waits for its second key

/** `/` to the search, `g` and a letter to a room, `?` for the list of keys. */
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
        else void navigate({ to: "/library" }).then(() => setTimeout(() => document.querySelector<HTMLInputElement>("input[data-search]")?.focus(), 60));
      }
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [navigate]);
}

const KEYS: [string, [string, string][]][] = [
  ["Everywhere", [["/", "Search"], ["g l", "Library"], ["g p", "Projects"], ["g j", "Jobs"], ["?", "This list"], ["Esc", "Close the top thing"]]],
  ["Library", [["Click on the box", "Select"], ["Shift + click", "Select up to here"], ["Ctrl + A", "Select all shown"], ["Esc", "Clear the selection"]]],
  ["Project", [["I / O", "Set in / out at the playhead"], ["Alt + ← →", "Move the clip"], ["Delete", "Remove the clip"], ["Ctrl + Z", "Undo"], ["Shift + Ctrl + Z", "Redo"]]],
  ["Player", [["Space, K", "Play or pause"], ["J, ←", "Back 5 s"], ["L, →", "Forward 5 s"], [", .", "One frame back, on"], ["↑ ↓", "Volume"], ["M", "Mute"], ["F", "Full screen"], ["P", "Picture in picture"], ["< >", "Slower, faster"], ["0 – 9", "Jump to 0 – 90 %"]]],
];

export function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size={640}>
      <div className={styles.groups}>
        {KEYS.map(([group, keys]) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key + does}>
                  <dt><kbd>{key}</kbd></dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
