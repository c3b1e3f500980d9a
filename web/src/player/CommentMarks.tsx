import type { RefObject } from "react";
import { gapPlace } from "./live-edge";
import { useDuration } from "./use-duration";
import styles from "./VideoPlayer.module.css";

/** A comment at a time, or over a span, in seconds. */
export type CommentMark = { id: string; at: number; end: number | null; label: string };

type Props = {
  marks: readonly CommentMark[];
  video: RefObject<HTMLVideoElement | null>;
  onSeek: (seconds: number) => void;
};

/** Comments on the seek bar; a click seeks to one. The list of comments is for the keyboard. */
export function CommentMarks({ marks, video, onSeek }: Props) {
  const total = useDuration(video);
  return (
    <div className={styles.marks}>
      {marks.map(({ id, at, end, label }) => {
        const place = gapPlace(at, total);
        if (place === null) return null;
        const width = end === null ? undefined : `${Math.max(0, Math.min(100 - place, ((end - at) / total) * 100))}%`;
        return (
          <button
            key={id}
            type="button"
            tabIndex={-1}
            className={styles.comment}
            data-span={end === null ? undefined : true}
            style={{ left: `${place}%`, width }}
            title={label}
            aria-label={label}
            onClick={() => onSeek(at)}
          />
        );
      })}
    </div>
  );
}
