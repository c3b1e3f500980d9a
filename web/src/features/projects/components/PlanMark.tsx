import { StitchIcon } from "@/components/edit-icons";
import { CopyIcon, RetryIcon } from "@/components/icons";
import type { PlannedClip } from "@/gen";
import { PLAN_WORDS } from "../words";
import styles from "./PlanMark.module.css";

const ICONS = { copy: CopyIcon, boundary: StitchIcon, encode: RetryIcon };

/** The icon for what a stitch does with a clip; the text is beside it or in its tooltip. */
export function PlanMark({ action }: { action: PlannedClip["action"] }) {
  const Icon = ICONS[action];
  return (
    <span className={styles.mark} data-plan={action} title={capital(PLAN_WORDS[action])} aria-hidden="true">
      <Icon size={12} strokeWidth={2} />
    </span>
  );
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
