import { Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import { lazy, Suspense } from "react";
import { InIcon, OutIcon, ReplaceIcon } from "@/components/edit-icons";
import { ErrorIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import type { PlannedClip, Take } from "@/gen";
import { codec, duration, frameRate, resolution, timecode } from "@/lib/format";
import { loadPart } from "@/lib/load-part";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, endOf, lacksVideo, lengthOf, SHORTEST_S, titleOf } from "../editor/draft";
import type { ProjectEditor } from "../editor/project-editor";
import { PLAN_WORDS } from "../words";
import styles from "./ClipInspector.module.css";
import { ClipMenu } from "./ClipMenu";
import { TimeField } from "./TimeField";

const ClipEffects = lazy(() => loadPart(() => import("../inspector/ClipEffects")));
const PromptPanel = lazy(() => loadPart(() => import("@/features/generate/components/PromptPanel")));

type Props = {
  clip: DraftClip;
  index: number;
  count: number;
  actions: ClipActions;
  onMark: (end: "in" | "out") => void;
  plan?: PlannedClip;
  takes: readonly Take[];
  editor: ProjectEditor;
  version: number;
  /** The take in the player. */
  watched: string | null;
  onWatch: (videoId: string, label: string) => void;
  /** The clip before it. */
  before: DraftClip | null;
  /** The section of its effects that was asked for. */
  panel: "captions" | null;
  /** The time of the player in the clip's video. */
  now: () => number;
  onSeek: (seconds: number) => void;
};

/** The inspector of the selected clip: its prompt and takes, in and out points, its video, its problem. */
export function ClipInspector(props: Props) {
  const { clip, index, count, actions, onMark, plan, editor } = props;
  const { video, prompt } = clip;
  const problem = prompt && lacksVideo(clip) ? null : clip.problem;
  const frame = 1 / (video?.fps || 25);
  return (
    <section className={styles.inspector} aria-label={`Clip ${index + 1} of ${count}`}>
      <Group gap={8} wrap="nowrap" justify="space-between">
        <span className="dim small">
          Clip {index + 1} of {count}
        </span>
        <Group gap={4} wrap="nowrap">
          {!isStill(clip) && (
            <Button
              size="xs"
              variant="default"
              leftSection={<ReplaceIcon size={14} />}
              onClick={() => actions.askReplace(clip.key)}
            >
              Replace
            </Button>
          )}
          <ClipMenu clip={clip} index={index} count={count} actions={actions} />
        </Group>
      </Group>
      {!prompt?.text.startsWith(titleOf(clip).replace("…", "")) && (
        <Text fw={500} className={styles.title} title={titleOf(clip)}>
          {titleOf(clip)}
        </Text>
      )}
      {problem && (
        <div className={styles.problem} role="alert">
          <ErrorIcon size={16} /> <span>{problem.message}</span>
        </div>
      )}
      {prompt && (
        <Suspense fallback={<Skeleton h={180} />}>
          <PromptPanel
            key={clip.key}
            clipKey={clip.key}
            prompt={prompt}
            videoId={clip.video_id}
            follows={index > 0}
            takes={props.takes}
            source={editor}
            version={props.version}
            watched={props.watched}
            onChange={(changed, merge) => actions.changePrompt(clip.key, changed, merge)}
            onUse={(chosen) => {
              actions.replace(clip.key, chosen);
              actions.select(clip.key);
            }}
            onWatch={props.onWatch}
          />
        </Suspense>
      )}
      {video && (
        <>
          <div className={styles.times}>
            <TimeField
              key={`in ${clip.key}`}
              label="In"
              check={(start) => wrongStart(clip, start)}
              value={clip.start_s}
              step={frame}
              onChange={(start) => actions.trim(clip.key, { start })}
            />
            <Tooltip label="Mark in at playhead (I)">
              <Button variant="default" px={10} mt={20} aria-label="Mark in" onClick={() => onMark("in")}>
                <InIcon size={16} />
              </Button>
            </Tooltip>
            <TimeField
              key={`out ${clip.key}`}
              label="Out"
              check={(end) => wrongEnd(clip, end)}
              value={endOf(clip)}
              step={frame}
              onChange={(end) => actions.trim(clip.key, { end })}
            />
            <Tooltip label="Mark out at playhead (O)">
              <Button variant="default" px={10} mt={20} aria-label="Mark out" onClick={() => onMark("out")}>
                <OutIcon size={16} />
              </Button>
            </Tooltip>
          </div>
          <Stack gap={2} className="dim small">
            <span>
              {lengthOf(clip).toFixed(2)} s of {duration(video.duration_s)}
            </span>
            <span>
              {resolution(video.width, video.height)}, {frameRate(video.fps)}, {codec(video.video_codec)}
            </span>
            {plan && (
              <span className={styles.plan}>
                Plan: {PLAN_WORDS[plan.action]}
                {plan.reason && plan.action !== "copy" ? `: ${plan.reason}` : ""}
              </span>
            )}
            <span>{video.audio_codec ? `Audio ${codec(video.audio_codec)}` : "No audio"}</span>
          </Stack>
        </>
      )}
      {(video || isStill(clip)) && (
        <Suspense fallback={<Skeleton h={200} />}>
          <ClipEffects
            key={clip.key}
            clip={clip}
            before={props.before}
            actions={actions}
            panel={props.panel}
            now={props.now}
            onSeek={props.onSeek}
          />
        </Suspense>
      )}
    </section>
  );
}

const isStill = (clip: DraftClip): boolean => clip.image_id !== null || clip.card !== null;

const SHOWN_S = 0.01; // the fields show hundredths, so the end of a video may be rounded past it

function wrongStart(clip: DraftClip, start: number): string | null {
  const end = endOf(clip);
  if (start >= end) return `After the out point (${timecode(end)})`;
  return start > end - SHORTEST_S + SHOWN_S ? `Too close to the out point (${timecode(end)})` : null;
}

function wrongEnd(clip: DraftClip, end: number): string | null {
  const limit = clip.video?.duration_s;
  if (end <= clip.start_s) return `Before the in point (${timecode(clip.start_s)})`;
  if (limit && end > limit + SHOWN_S) return `After the end of the video (${timecode(limit)})`;
  return end < clip.start_s + SHORTEST_S - SHOWN_S ? `Too close to the in point (${timecode(clip.start_s)})` : null;
}
