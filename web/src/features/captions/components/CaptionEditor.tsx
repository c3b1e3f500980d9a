import { ActionIcon, Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { UndoIcon } from "@/components/edit-icons";
import { BackIcon, PlusIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import type { CaptionTrack, CaptionTrackWithCues, Video } from "@/gen";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { captionTrackQuery } from "../api/get-captions";
import { cueAt, insertAfter, mergeUp, removeAt, retext, retime, split } from "../cues";
import { type SaveState, useCues } from "../use-cues";
import { CueRow } from "./CueRow";
import styles from "./captions.module.css";

type Props = { track: CaptionTrack; video: Video; player: RefObject<PlayerHandle | null>; onClose: () => void };

const LOOK_MS = 150;

/** The text of a caption track, cue by cue, beside the video that plays. */
export function CaptionEditor({ track, player, onClose }: Props) {
  const { data, error, refetch } = useQuery(captionTrackQuery(track.video_id, track.id));
  const [loads, setLoads] = useState(0); // what is typed stays when the track is read again for another reason
  return (
    <Stack gap={12} className={styles.tab}>
      <Group gap={8} wrap="nowrap">
        <ActionIcon size={32} aria-label="Back to all captions" onClick={onClose}>
          <BackIcon />
        </ActionIcon>
        <h2 className={`${styles.heading} clip-text`}>{track.label}</h2>
      </Group>
      {error && !data && <ErrorNote error={error} compact onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data && (
        <Cues
          key={loads}
          track={data}
          player={player}
          onReload={() => void refetch().then(() => setLoads(loads + 1))}
        />
      )}
    </Stack>
  );
}

type CuesProps = { track: CaptionTrackWithCues; player: RefObject<PlayerHandle | null>; onReload: () => void };

function Cues({ track, player, onReload }: CuesProps) {
  const { cues, change, undo, state, error, retry } = useCues(track);
  const time = usePlayerTime(player);
  const current = cueAt(cues, time);
  const now = () => player.current?.time() ?? 0;
  const seek = (seconds: number) => player.current?.seek(seconds);
  const press = (event: React.KeyboardEvent) => {
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && event.altKey;
    if (!isUndo) return;
    event.preventDefault();
    undo();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields in it
    <div className={styles.editor} onKeyDown={press}>
      <div className={styles.status}>
        <SaveLine state={state} onRetry={retry} onReload={onReload} />
        <ActionIcon size={32} aria-label="Undo" onClick={undo}>
          <UndoIcon size={16} />
        </ActionIcon>
        <Button
          size="xs"
          variant="default"
          leftSection={<PlusIcon size={14} />}
          onClick={() => change(insertAfter(cues, lastBefore(cues, now()), now()))}
        >
          Caption here
        </Button>
      </div>
      {state === "failed" && error && <ErrorNote error={error} compact onRetry={retry} />}
      {cues.length === 0 && <p className="dim">This track has no captions. Add one where the video stands.</p>}
      <ol className={styles.cues} aria-label="Captions">
        {cues.map((cue, at) => (
          <CueRow
            key={cue.key}
            cue={cue}
            number={at + 1}
            current={at === current}
            onSeek={() => seek(cue.start_s)}
            onText={(text) => change(retext(cues, at, text))}
            onTime={(edge, seconds) => change(retime(cues, at, edge, seconds))}
            onNow={(edge) => change(retime(cues, at, edge, now()))}
            onSplit={(caret) => change(split(cues, at, caret))}
            onMerge={at > 0 ? () => change(mergeUp(cues, at)) : undefined}
            onAdd={() => change(insertAfter(cues, at, now()))}
            onRemove={() => change(removeAt(cues, at))}
          />
        ))}
      </ol>
      <p className="dim tiny">
        Ctrl+Enter splits at the caret, Ctrl+Backspace merges with the caption before, Ctrl+[ and Ctrl+] set start and
        end to where the video stands, Alt+↑ and Alt+↓ go to another caption, Ctrl+Alt+Z undoes.
      </p>
    </div>
  );
}

const WORDS: Record<SaveState, string> = {
  saved: "Saved",
  unsaved: "Editing…",
  saving: "Saving…",
  failed: "Not saved",
  conflict: "These captions were changed elsewhere. What you typed is still here.",
};

function SaveLine({ state, onRetry, onReload }: { state: SaveState; onRetry: () => void; onReload: () => void }) {
  return (
    <span role="status" className={styles.saved}>
      {WORDS[state]}
      {state === "failed" && (
        <Button size="xs" variant="subtle" onClick={onRetry}>
          Try again
        </Button>
      )}
      {state === "conflict" && (
        <Button size="xs" variant="default" onClick={onReload}>
          Load the other version
        </Button>
      )}
    </span>
  );
}

/** The time of the player, a few times a second. */
function usePlayerTime(player: RefObject<PlayerHandle | null>): number {
  const [time, setTime] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTime(player.current?.time() ?? 0), LOOK_MS);
    return () => clearInterval(timer);
  }, [player]);
  return time;
}

function lastBefore(cues: readonly { start_s: number }[], seconds: number): number {
  return cues.filter(({ start_s }) => start_s <= seconds).length - 1;
}
