import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useEffect, useRef } from "react";
import { Skeleton } from "@/components/Skeleton";
import { PromptFace } from "@/features/generate/components/PromptFace";
import { currentTake } from "@/features/generate/takes";
import { MakeRenditionsButton } from "@/features/videos/components/MakeRenditionsButton";
import type { Project } from "@/gen";
import { useCell } from "@/lib/cell";
import { loadPart } from "@/lib/load-part";
import { LazyPlayer } from "@/player/LazyPlayer";
import { shapeOf } from "@/player/shape";
import type { ClipActions } from "../editor/clip-actions";
import { endOf, lacksVideo } from "../editor/draft";
import type { ProjectEditor } from "../editor/project-editor";
import type { Planned } from "../editor/use-plan";
import type { Stage } from "../editor/use-stage";
import type { TakesOf } from "../editor/use-takes";
import { StillView } from "../preview/StillView";
import { ClipInspector } from "./ClipInspector";
import styles from "./StageView.module.css";
import { TrimBar } from "./TrimBar";

const ReelPanel = lazy(() => loadPart(() => import("../inspector/ReelPanel")));

type Size = { width: number; height: number; fps?: number | null };

type Props = {
  stage: Stage;
  project: Project;
  title: string;
  count: number;
  actions: ClipActions;
  planned: Planned;
  takesOf: TakesOf;
  editor: ProjectEditor;
  version: number;
  size: Size;
};

/** The player of the reel or the selected clip, with the clip's inspector. */
export function StageView({ stage, project, title, count, actions, planned, takesOf, editor, version, size }: Props) {
  const { shown } = stage;
  const panel = useCell(stage.panel);
  const edited = stage.previewing ? null : shown;
  const screen = useRef<HTMLDivElement>(null);
  const side = useRef<HTMLElement>(null);
  const before = useRef(shown?.key);
  useEffect(() => {
    if (shown?.key === before.current) return;
    before.current = shown?.key;
    side.current?.scrollTo({ top: 0 });
    // On phones the clips are below the player: scroll up to show the selected one.
    if (window.matchMedia("(max-width: 700px)").matches) screen.current?.scrollIntoView({ block: "nearest" });
  }, [shown?.key]);
  return (
    <div className={styles.stage}>
      <div ref={screen} className={styles.screen} style={shapeOf(size.width, size.height)}>
        <Screen stage={stage} project={project} title={title} size={size} takesOf={takesOf} />
        {edited?.video?.state === "ready" && !stage.take ? (
          <TrimBar clip={edited} onTrim={(change) => actions.trim(edited.key, change)} />
        ) : (
          edited?.prompt && <div className={styles.noTrim} />
        )}
      </div>
      <aside ref={side} className={styles.side} aria-label="Selected clip">
        {count > 0 && <Tabs stage={stage} hasReel={project.reel !== null} />}
        {edited ? (
          <ClipInspector
            clip={edited}
            index={stage.index}
            count={count}
            actions={actions}
            onMark={stage.mark}
            plan={planned?.of(edited)}
            takes={takesOf(edited)}
            editor={editor}
            version={version}
            watched={stage.take?.videoId ?? null}
            onWatch={stage.watch}
            before={stage.layout.placed[stage.index - 1]?.clip ?? null}
            panel={panel === "captions" && edited.captions ? "captions" : null}
            now={() => stage.player.current?.time() ?? edited.start_s}
            onSeek={(seconds) => stage.player.current?.seek(seconds)}
          />
        ) : (
          <p className={`${styles.hint} dim small`}>{hintOf(stage, count)}</p>
        )}
        {count > 0 && (
          <section aria-label="Whole reel">
            <h2 className={styles.heading}>Whole reel</h2>
            <Suspense fallback={<Skeleton h={160} />}>
              <ReelPanel
                project={project}
                editor={editor}
                panel={panel === "captions" && edited?.captions ? null : panel}
                now={() => stage.time.get() ?? 0}
              />
            </Suspense>
          </section>
        )}
      </aside>
    </div>
  );
}

function hintOf({ whole, wholeIsOld, previewing, index }: Stage, count: number): string {
  if (whole)
    return wholeIsOld
      ? "This preview is out of date. Press Preview to update it."
      : "Preview of the whole project, without stitching.";
  if (previewing) return `Preview, clip by clip: clip ${index + 1} of ${count}.`;
  return "Select a clip below to trim, replace or remove it.";
}

/** Always rendered, so that a new reel shifts nothing. */
function Tabs({ stage, hasReel }: { stage: Stage; hasReel: boolean }) {
  const shows = [
    {
      value: "reel",
      label: <span>Reel{stage.news && <span className={styles.news} role="img" aria-label="new" />}</span>,
      disabled: !hasReel,
    },
    { value: "clip", label: "Clip" },
  ];
  const value = stage.reel ? "reel" : stage.whole || stage.previewing || stage.take ? "" : "clip";
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      className={styles.tabs}
      aria-label="Show in player"
      data={shows}
      value={value}
      onChange={(wanted) => stage.show(wanted as "reel" | "clip")}
    />
  );
}

type ScreenProps = Pick<Props, "stage" | "project" | "title" | "size" | "takesOf">;

function Screen({ stage, project, title, size, takesOf }: ScreenProps) {
  const { shown, player, whole, reel, take } = stage;
  const frame = { ref: player, width: size.width, height: size.height, pip: false, onTime: stage.onTime };
  if (whole)
    return (
      <LazyPlayer
        {...frame}
        key="whole"
        videoId={project.id}
        media={whole}
        label={`Preview: ${title}`}
        fps={size.fps}
        autoPlay
      />
    );
  if (reel)
    return (
      <LazyPlayer
        {...frame}
        videoId={reel.video_id}
        label={`Reel: ${title}`}
        codec={reel.stale ? null : project.settings.codec}
        fps={size.fps}
        autoPlay={stage.plays}
      />
    );
  if (take)
    return (
      <LazyPlayer {...frame} key={take.videoId} videoId={take.videoId} label={take.label} fps={size.fps} autoPlay />
    );
  if (shown && lacksVideo(shown) && shown.prompt)
    return (
      <div className={styles.prompt}>
        <PromptFace text={shown.prompt.text} take={currentTake(takesOf(shown))} size="large" />
      </div>
    );
  if (shown?.video?.state === "ready") {
    const { video } = shown;
    return (
      <LazyPlayer
        {...frame}
        videoId={video.id}
        label={`Clip: ${video.title}`}
        audio={video.streamed_track}
        codec={video.video_codec}
        help={<MakeRenditionsButton videoId={video.id} />}
        poster={video.poster_url}
        fps={video.fps}
        span={{ start: shown.start_s, end: endOf(shown) }}
        autoPlay={stage.previewing}
        onSpanEnd={stage.onSpanEnd}
      />
    );
  }
  if (shown?.image || shown?.card) return <StillView clip={shown} />;
  return (
    <div className={styles.nothing}>
      {shown ? (shown.problem?.message ?? "Nothing to show for this clip.") : "Select a clip to preview it."}
    </div>
  );
}
