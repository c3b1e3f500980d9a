import styles from "./StateBadge.module.css";
import { STATES } from "./states";

type Props = { state: string; note?: string; plain?: boolean };

/** A state as icon, word and color. `note` follows the word ("Running 42 %"); `plain` omits the frame. */
export function StateBadge({ state, note, plain = false }: Props) {
  const { word, tone, icon: Icon } = STATES[state] ?? { word: state, tone: "grey" as const, icon: STATES.draft!.icon };
  const moves = tone === "blue";
  return (
    <span className={styles.badge} data-tone={tone} data-state={state} data-plain={plain || undefined}>
      <Icon size={14} className={moves ? "spin" : undefined} strokeWidth={1.8} />
      <span>{word}</span>
      {note && <span className={styles.note}>{note}</span>}
    </span>
  );
}
