import { useId, useState } from "react";
import { ChevronIcon } from "@/components/icons";
import { type DraftClip, titleOf } from "../editor/draft";
import type { Planned } from "../editor/use-plan";
import { PLAN_WORDS, planHead } from "../words";
import styles from "./PlanLine.module.css";
import { PlanMark } from "./PlanMark";

/** The stitch plan: a summary that expands to one line per clip with the reason. */
export function PlanLine({ planned, clips }: { planned: NonNullable<Planned>; clips: readonly DraftClip[] }) {
  const [open, setOpen] = useState(false);
  const list = useId();
  return (
    <div className={styles.plan} data-old={planned.old || undefined} data-testid="plan">
      <button
        type="button"
        className={styles.head}
        aria-expanded={open}
        aria-controls={list}
        onClick={() => setOpen(!open)}
      >
        <ChevronIcon size={14} /> {planHead(planned.plan)}
      </button>
      <ol id={list} className={styles.clips} hidden={!open} aria-label="Plan per clip">
        {clips.map((clip, index) => {
          const plan = planned.of(clip);
          return (
            <li key={clip.key}>
              {plan && <PlanMark action={plan.action} />}
              <span className={styles.name}>
                {index + 1}. {titleOf(clip)}
              </span>
              <span className={styles.why}>{plan ? reasonOf(plan) : "Not planned yet"}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function reasonOf({ action, reason }: { action: keyof typeof PLAN_WORDS; reason: string }): string {
  if (reason.startsWith("copied")) return reason;
  return reason ? `${PLAN_WORDS[action]}: ${reason}` : PLAN_WORDS[action];
}
