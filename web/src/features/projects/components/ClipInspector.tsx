import { Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import { ErrorIcon, InIcon, OutIcon, ReplaceIcon } from "@/components/icons";
import type { PlannedClip } from "@/gen";
import { codec, duration, frameRate, resolution, timecode } from "@/lib/format";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, endOf, lengthOf, SHORTEST_S, titleOf } from "../editor/draft";
import { PLAN_WORDS } from "../words";
import styles from "./ClipInspector.module.css";
import { ClipMenu } from "./ClipMenu";
import { TimeField } from "./TimeField";

type Props = {
  clip: DraftClip;
  index: number;
  count: number;
  actions: ClipActions;
  onMark: (end: "in" | "out") => void;
  plan?: PlannedClip;
};

/** The inspector of the selected clip: in and out points, its video, its problem. */
export function ClipInspector({ clip, index, count, actions, onMark, plan }: Props) {
  const { video, problem } = clip;
  const frame = 1 / (video?.fps || 25);
  return (
    <section className={styles.inspector} aria-label={`Clip ${index + 1} of ${count}`}>
      <Group gap={8} wrap="nowrap" justify="space-between">
        <span className="dim small">
          Clip {index + 1} of {count}
        </span>
        <Group gap={4} wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            leftSection={<ReplaceIcon size={14} />}
            onClick={() => actions.askReplace(clip.key)}
          >
            Replace
          </Button>
          <ClipMenu clip={clip} index={index} count={count} actions={actions} />
        </Group>
      </Group>
      <Text fw={500} className={styles.title} title={titleOf(clip)}>
        {titleOf(clip)}
      </Text>
      {problem && (
        <div className={styles.problem} role="alert">
          <ErrorIcon size={16} /> <span>{problem.message}</span>
        </div>
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
    </section>
  );
}

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
