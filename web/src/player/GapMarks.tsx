import { type RefObject, useEffect, useState } from "react";
import { gapPlace } from "./live-edge";
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

function useDuration(video: RefObject<HTMLVideoElement | null>): number {
  const [total, setTotal] = useState(0);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const read = () => setTotal(Number.isFinite(element.duration) ? element.duration : 0);
    read();
    element.addEventListener("durationchange", read);
    return () => element.removeEventListener("durationchange", read);
  }, [video]);
  return total;
}
