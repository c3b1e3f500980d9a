import { ActionIcon, Badge, Button, Menu } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { DownloadIcon, MoreIcon, TrashIcon } from "@/components/icons";
import { showProblem } from "@/components/toast";
import type { CaptionTrack, Video } from "@/gen";
import { useChangeCaptions } from "../api/change-captions";
import { useDeleteCaptions } from "../api/delete-captions";
import { trackFacts } from "../words";
import styles from "./captions.module.css";
import { NameDialog } from "./NameDialog";

const FORMATS = [
  ["srt", "SRT"],
  ["vtt", "WebVTT"],
  ["json", "JSON with word timings"],
  ["txt", "Text"],
] as const;

type Props = { track: CaptionTrack; video: Video; onEdit: () => void };

export function TrackRow({ track, video, onEdit }: Props) {
  const change = useChangeCaptions(video.id);
  const remove = useDeleteCaptions(video.id);
  const [deleting, setDeleting] = useState(false);
  const [naming, setNaming] = useState(false);
  const setDefault = () =>
    change.mutate({ id: track.id, default: !track.default }, { onError: showProblem("Couldn't change the default") });
  return (
    <li className={styles.track}>
      <div className={styles.about}>
        <div className={styles.label}>
          <span className="clip-text">{track.label}</span>
          {track.default && (
            <Badge size="sm" variant="default">
              Default
            </Badge>
          )}
        </div>
        <div className="dim">{trackFacts(track)}</div>
      </div>
      <Button variant="default" size="xs" onClick={onEdit}>
        Edit
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={32} aria-label={`More about ${track.label}`}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {FORMATS.map(([format, name]) => (
            <Menu.Item
              key={format}
              component="a"
              href={`/api/v1/captions/${track.id}/file?format=${format}`}
              download
              leftSection={<DownloadIcon size={16} />}
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setNaming(true)}>Name and language</Menu.Item>
          <Menu.Item onClick={setDefault}>{track.default ? "Don't show by default" : "Show by default"}</Menu.Item>
          <Menu.Item color="var(--state-red)" leftSection={<TrashIcon size={16} />} onClick={() => setDeleting(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {naming && <NameDialog track={track} opened onClose={() => setNaming(false)} />}
      <ConfirmDialog
        opened={deleting}
        title="Delete captions"
        action="Delete"
        busy={remove.isPending}
        error={remove.error}
        onClose={() => setDeleting(false)}
        onConfirm={() => remove.mutate(track.id, { onSuccess: () => setDeleting(false) })}
      >
        “{track.label}” with {track.cue_count.toLocaleString("en")} captions is deleted for good.
      </ConfirmDialog>
    </li>
  );
}
