import type { Chapter } from "@/gen";
import { clock } from "@/lib/format";
import styles from "./ChapterList.module.css";

type Props = { chapters: Chapter[]; onSeek: (seconds: number) => void };

/** Titled places of a video; a click seeks there. */
export function ChapterList({ chapters, onSeek }: Props) {
  return (
    <section className={styles.box} aria-labelledby="chapters">
      <h2 id="chapters">Chapters</h2>
      <ol className={styles.list}>
        {chapters.map((chapter) => (
          <li key={chapter.start_s}>
            <button type="button" onClick={() => onSeek(chapter.start_s)}>
              <span className={styles.time}>{clock(chapter.start_s)}</span>
              <span>{chapter.title}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
