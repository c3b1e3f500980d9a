import { Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import { ErrorIcon, InIcon, OutIcon, ReplaceIcon } from "@/components/icons";
import { codec, duration, frameRate, resolution } from "@/lib/format";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, endOf, lengthOf, titleOf } from "../editor/draft";
import { ClipMenu } from "./ClipMenu";
import styles from "./ClipInspector.module.css";
import { TimeField } from "./TimeField";

type Props = { clip: DraftClip; index: number; count: number; actions: ClipActions; onMark: (end: "in" | "out") => void };

/** The chosen clip: where it begins and ends, what its video is, what is wrong with it. */
export function ClipInspector({ clip, index, count, actions, onMark }: Props) {
  const { video, problem } = clip;
  const frame = 1 / (video?.fps || 25);
  return (
    <section className={styles.inspector} aria-label={`Clip ${index + 1} of ${count}`}>
      <Group gap={8} wrap="nowrap" justify="space-between">
        <span className="dim small">Clip {index + 1} of {count}</span>
        <Group gap={4} wrap="nowrap">
          <Button size="xs" variant="default" leftSection={<ReplaceIcon size={14} />} onClick={() => actions.askReplace(clip.key)}>Replace</Button>
          <ClipMenu clip={clip} index={index} count={count} actions={actions} />
        </Group>
      </Group>
      <Text fw={500} className={styles.title} title={titleOf(clip)}>{titleOf(clip)}</Text>
      {problem && (
        <div className={styles.problem} role="alert"><ErrorIcon size={16} /> <span>{problem.message}</span></div>
      )}
      {video && (
        <>
          <div className={styles.times}>
            <TimeField label="In" value={clip.start_s} step={frame} onChange={(start) => actions.trim(clip.key, { start })} />
            <Tooltip label="Begin at the playhead (I)"><Button variant="default" px={10} aria-label="Set in at the playhead" onClick={() => onMark("in")}><InIcon size={16} /></Button></Tooltip>
            <TimeField label="Out" value={endOf(clip)} step={frame} onChange={(end) => actions.trim(clip.key, { end })} />
            <Tooltip label="End at the playhead (O)"><Button variant="default" px={10} aria-label="Set out at the playhead" onClick={() => onMark("out")}><OutIcon size={16} /></Button></Tooltip>
          </div>
          <Stack gap={2} className="dim small">
            <span>{lengthOf(clip).toFixed(2)} s of {duration(video.duration_s)}</span>
            <span>{resolution(video.width, video.height)}, {frameRate(video.fps)}, {codec(video.video_codec)}</span>
            <span>{video.audio_codec ? `Sound ${codec(video.audio_codec)}` : "No sound"}</span>
          </Stack>
        </>
      )}
    </section>
  );
}
