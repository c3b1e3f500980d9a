import { Button, Group, Menu, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { DownIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import type { Video } from "@/gen";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { captionsQuery } from "../api/list-captions";
import { AddCaptionsDialog } from "./AddCaptionsDialog";
import { CaptionEditor } from "./CaptionEditor";
import styles from "./captions.module.css";
import { TrackRow } from "./TrackRow";
import { TranscribeDialog } from "./TranscribeDialog";
import { TranscriptionLine } from "./TranscriptionLine";

type Props = { video: Video; player: RefObject<PlayerHandle | null> };
type Dialog = "file" | "transcribe" | null;

/** The caption tracks of a video: listed, added, transcribed, and edited with the video at their side. */
export default function CaptionsTab({ video, player }: Props) {
  const { data, error, refetch } = useQuery(captionsQuery(video.id));
  const [editing, setEditing] = useState<string | null>(null);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const open = data?.items.find(({ id }) => id === editing);
  if (open)
    return <CaptionEditor key={open.id} track={open} video={video} player={player} onClose={() => setEditing(null)} />;
  return (
    <Stack gap={16} className={styles.tab}>
      {error && !data && <ErrorNote error={error} compact onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={120} />}
      {data && data.items.length === 0 && (
        <p className="dim">
          No captions yet. Add a file, paste a text, or have the speech written down; players show them at once.
        </p>
      )}
      {data && data.items.length > 0 && (
        <ul className={styles.tracks}>
          {data.items.map((track) => (
            <TrackRow key={track.id} track={track} video={video} onEdit={() => setEditing(track.id)} />
          ))}
        </ul>
      )}
      <TranscriptionLine videoId={video.id} jobId={jobId} onTrack={() => void refetch()} />
      <Group gap={8}>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button rightSection={<DownIcon size={14} />}>Add captions</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setDialog("file")}>File or text</Menu.Item>
            <Menu.Item disabled={!video.audio_codec} onClick={() => setDialog("transcribe")}>
              Transcribe the speech
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <AddCaptionsDialog
        videoId={video.id}
        opened={dialog === "file"}
        onClose={() => setDialog(null)}
        onAdded={setEditing}
      />
      <TranscribeDialog
        videoId={video.id}
        opened={dialog === "transcribe"}
        onClose={() => setDialog(null)}
        onStarted={setJobId}
      />
    </Stack>
  );
}
