import { Modal } from "@mantine/core";
import { EDITOR_KEYS } from "@/features/projects/editor/keys";
import { PLAYER_KEYS } from "@/player/keys";
import styles from "./keys.module.css";

const KEYS: readonly (readonly [group: string, keys: readonly (readonly [key: string, does: string])[]])[] = [
  [
    "Everywhere",
    [
      ["/", "Search"],
      ["g l", "Library"],
      ["g p", "Projects"],
      ["g i", "Live"],
      ["g j", "Jobs"],
      ["?", "Keyboard shortcuts"],
      ["Esc", "Close dialog or menu"],
    ],
  ],
  [
    "Library",
    [
      ["Click checkbox", "Select"],
      ["Shift + click", "Select range"],
      ["Ctrl + A", "Select all matching"],
      ["Esc", "Clear selection"],
    ],
  ],
  ["Project", EDITOR_KEYS],
  ["Player", PLAYER_KEYS],
];

/** Keyboard shortcuts, grouped by page. */
export default function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size={640}>
      <div className={styles.groups}>
        {KEYS.map(([group, keys]) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key + does}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
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
