import { StateBadge } from "@/components/StateBadge";
import type { Take } from "@/gen";
import { percent } from "@/lib/format";
import { clipStateOf, isActiveTake } from "../takes";
import styles from "./PromptFace.module.css";

type Props = { text: string; take: Take | undefined; size?: "small" | "large" };

/** A clip without a video: its prompt, and the state of its take. */
export function PromptFace({ text, take, size = "small" }: Props) {
  const state = clipStateOf(take);
  const progress = take && isActiveTake(take) ? (take.progress ?? 0) : null;
  return (
    <span className={styles.face} data-size={size} data-take-state={state}>
      <span className={styles.text}>{text}</span>
      <span className={styles.state}>
        <StateBadge state={state} note={take?.progress && progress !== null ? percent(progress) : undefined} plain />
      </span>
      {progress !== null && <span className={styles.bar} style={{ width: `${Math.max(3, progress * 100)}%` }} />}
    </span>
  );
}
