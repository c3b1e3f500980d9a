import type { Gap } from "@/gen";
import { clock } from "@/lib/format";
import { gapsLine, gapWords } from "../recording-words";
import styles from "./RecordingPage.module.css";

/** The gaps of a recording; a click on one goes there. */
export function GapList({ gaps, onSeek }: { gaps: readonly Gap[]; onSeek: (seconds: number) => void }) {
  return (
    <section className={styles.gaps} aria-label="Gaps">
      <h2>{gapsLine(gaps) ?? "No gaps"}</h2>
      {gaps.length > 0 && (
        <ol>
          {gaps.map((gap, number) => (
            <li key={`${number} ${gap.start_s}`}>
              <button type="button" onClick={() => onSeek(Math.max(0, gap.start_s - 2))}>
                {clock(gap.start_s)}
              </button>
              <span>{gapWords(gap)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
