import { Modal } from "@mantine/core";
import { PLAYER_KEYS } from "@/player/keys";
import styles from "./keys.module.css";

const KEYS: readonly (readonly [group: string, keys: readonly (readonly [key: string, does: string])[]])[] = [
  [
    "Everywhere",
    [
      ["/", "Search"],
      ["g l", "Library"],
      ["g p", "Projects"],
      ["g j", "Jobs"],
      ["?", "This list"],
      ["Esc", "Close what is open"],
    ],
  ],
  [
    "Library",
    [
      ["Click on the box", "Select"],
      ["Shift + click", "Select up to here"],
      ["Ctrl + A", "Select all that match"],
      ["Esc", "Clear the selection"],
    ],
  ],
  [
    "Project",
    [
      ["I / O", "Set in / out at the playhead"],
      ["Alt + ← →", "Move the clip"],
      ["Delete", "Remove the clip"],
      ["Ctrl + Z", "Undo"],
      ["Shift + Ctrl + Z", "Redo"],
    ],
  ],
  ["Player", PLAYER_KEYS],
];

/** All keys, by where they work. */
export default function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size={640}>
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
