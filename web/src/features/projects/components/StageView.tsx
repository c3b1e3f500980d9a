import { SegmentedControl } from "@mantine/core";
import { useEffect, useRef } from "react";
import { MakeRenditionsButton } from "@/features/videos/components/MakeRenditionsButton";
import type { Project } from "@/gen";
import { LazyPlayer } from "@/player/LazyPlayer";
import type { ClipActions } from "../editor/clip-actions";
import { endOf } from "../editor/draft";
import type { Planned } from "../editor/use-plan";
import type { Stage } from "../editor/use-stage";
import { ClipInspector } from "./ClipInspector";
import styles from "./StageView.module.css";
import { TrimBar } from "./TrimBar";

type Props = { stage: Stage; project: Project; title: string; count: number; actions: ClipActions; planned: Planned };

const SHOWS = [{ value: "reel", label: "Reel" }, { value: "clip", label: "Clip" }];

/** The player of the reel or of the chosen clip, and beside it what can be set about that clip. */
export function StageView({ stage, project, title, count, actions, planned }: Props) {
  const { shown } = stage;
  const screen = useRef<HTMLDivElement>(null);
  const before = useRef(shown?.key);
  useEffect(() => {
    if (shown?.key === before.current) return;
    before.current = shown?.key;
    // On a phone the clips are below the player: the one that is chosen there is seen at once.
    if (window.matchMedia("(max-width: 700px)").matches) screen.current?.scrollIntoView({ block: "nearest" });
  }, [shown?.key]);
  return (
    <div className={styles.stage}>
      <div ref={screen} className={styles.screen}>
        <Screen stage={stage} project={project} title={title} />
        {shown?.video?.state === "ready" && <TrimBar clip={shown} onTrim={(change) => actions.trim(shown.key, change)} />}
      </div>
      <aside className={styles.side} aria-label="The chosen clip">
        {project.reel && count > 0 && (
          <SegmentedControl fullWidth size="xs" aria-label="What the player shows" data={SHOWS} value={stage.whole ? "" : shown ? "clip" : "reel"} onChange={(value) => stage.show(value as "reel" | "clip")} />
        )}
        {stage.whole && <p className={`${styles.hint} dim small`}>Preview of the whole, made of the clips as they are.</p>}
        {shown ? (
          <ClipInspector clip={shown} index={stage.index} count={count} actions={actions} onMark={stage.mark} plan={planned?.of(stage.index)} />
        ) : (
          <p className={`${styles.hint} dim small`}>Choose a clip below to trim, replace or remove it.</p>
        )}
      </aside>
    </div>
  );
}

function Screen({ stage, project, title }: Pick<Props, "stage" | "project" | "title">) {
  const { shown, player, whole } = stage;
  const frame = { ref: player, width: 16, height: 9, pip: false, onTime: stage.onTime };
  if (whole) return <LazyPlayer {...frame} key="whole" videoId={project.id} media={whole} label={`Preview: ${title}`} fps={project.format?.fps} autoPlay />;
  if (shown?.video?.state === "ready") {
    const { video } = shown;
    return (
      <LazyPlayer {...frame} videoId={shown.video_id} label={`Clip: ${video.title}`} audio={video.streamed_track} codec={video.video_codec} help={<MakeRenditionsButton videoId={shown.video_id} />} poster={video.poster_url} fps={video.fps} span={{ start: shown.start_s, end: endOf(shown) }} autoPlay={stage.previewing} onSpanEnd={stage.onSpanEnd} />
    );
  }
  if (shown) return <div className={styles.nothing}>{shown.problem?.message ?? "This clip has nothing to show."}</div>;
  if (project.reel) return <LazyPlayer {...frame} videoId={project.reel.video_id} label={`Reel: ${title}`} codec={project.reel.stale ? null : project.settings.codec} fps={project.format?.fps} />;
  return <div className={styles.nothing}>Choose a clip to see it.</div>;
}
