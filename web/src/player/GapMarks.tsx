import type { RefObject } from "react";
import { gapPlace } from "./live-edge";
import { useDuration } from "./use-duration";
import styles from "./VideoPlayer.module.css";

/** A place of a video where something is missing. */
export type GapMark = { at: number; label: string };

/** Marks on the seek bar. */
export function GapMarks({ gaps, video }: { gaps: readonly GapMark[]; video: RefObject<HTMLVideoElement | null> }) {
  const total = useDuration(video);
  return (
    <div className={styles.marks} aria-hidden="true">
      {gaps.map(({ at, label }, number) => {
        const place = gapPlace(at, total);
        return place === null ? null : (
          <span key={`${number} ${at}`} className={styles.mark} style={{ left: `${place}%` }} title={label} />
        );
      })}
    </div>
  );
}
