import type { Take, Video } from "@/gen";
import styles from "./generate.module.css";
import { TakeLine } from "./TakeLine";

type Props = {
  takes: readonly Take[];
  usedVideo: string | null;
  projectId: string;
  watched: string | null;
  onChangePrompt: () => void;
  onUse: (video: Video) => void;
  onWatch: (videoId: string, label: string) => void;
};

/** The takes of a clip, newest first. */
export function TakeList({ takes, usedVideo, ...rest }: Props) {
  if (takes.length === 0) return null;
  return (
    <section aria-label="Takes" className={styles.takes}>
      <h3>Takes</h3>
      <ol>
        {takes.map((take, n) => (
          <TakeLine
            key={take.id}
            take={take}
            takes={takes}
            number={takes.length - n}
            used={usedVideo !== null && take.video_id === usedVideo}
            {...rest}
          />
        ))}
      </ol>
    </section>
  );
}
