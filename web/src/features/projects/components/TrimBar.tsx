import { RangeSlider } from "@mantine/core";
import type { CSSProperties } from "react";
import { timecode } from "@/lib/format";
import { type DraftClip, endOf, SHORTEST_S, titleOf } from "../editor/draft";
import styles from "./TrimBar.module.css";

type Props = { clip: DraftClip; onTrim: (change: { start?: number; end?: number }) => void };

/** The timeline of the clip's video, with a handle at each end of the span. */
export function TrimBar({ clip, onTrim }: Props) {
  const limit = clip.video?.duration_s ?? 0;
  if (!limit) return null;
  const value: [number, number] = [clip.start_s, Math.min(endOf(clip), limit)];
  const change = ([start, end]: [number, number]) => {
    if (Math.abs(start - value[0]) > 0.004) onTrim({ start });
    else if (Math.abs(end - value[1]) > 0.004) onTrim({ end });
  };
  return (
    <div className={styles.trim}>
      <RangeSlider
        min={0}
        max={limit}
        step={0.01}
        minRange={SHORTEST_S}
        value={value}
        onChange={change}
        label={null}
        size={6}
        thumbFromLabel={`In of ${titleOf(clip)}`}
        thumbToLabel={`Out of ${titleOf(clip)}`}
        classNames={{ thumb: styles.thumb, track: styles.track, bar: styles.bar }}
      />
      <div
        className={styles.ends}
        style={{ "--middle": `${(50 * (value[0] + value[1])) / limit}%` } as CSSProperties}
        aria-hidden="true"
      >
        {timecode(value[0])} – {timecode(value[1])}
      </div>
    </div>
  );
}
