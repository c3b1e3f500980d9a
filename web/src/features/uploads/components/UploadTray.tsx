import { ActionIcon, Group, Progress, Tooltip } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { CheckCircleIcon, ClockIcon, CloseIcon, DownIcon, ErrorIcon, PauseIcon, PlayIcon, RetryIcon, UploadIcon } from "@/components/icons";
import type { Upload } from "@/gen";
import { useCell } from "@/lib/cell";
import { bytes, count, percent, span } from "@/lib/format";
import { discardUpload } from "../api/discard-upload";
import { uploadsQuery } from "../api/list-uploads";
import { type UploadItem, uploadQueue } from "../queue";
import styles from "./UploadTray.module.css";

const DONE_SHOWN_MS = 8_000;

/** The uploads of this page, and those that a reload or a lost connection left unfinished. */
export function UploadTray() {
  const items = useCell(uploadQueue.items);
  const { data } = useQuery(uploadsQuery);
  const [folded, setFolded] = useState(false);
  const [hidden, setHidden] = useState(false);
  const allDone = items.length > 0 && items.every((item) => item.state === "done");
  useEffect(() => {
    if (!allDone) return;
    const timer = setTimeout(() => uploadQueue.clearDone(), DONE_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [allDone]);
  const left = (data?.items ?? []).filter((row) => !items.some((item) => item.name === row.filename));
  if (items.length === 0 && (left.length === 0 || hidden)) return null;
  const open = items.filter((item) => item.state !== "done");
  const close = () => {
    uploadQueue.clearDone();
    setHidden(true);
  };
  return (
    <section className={styles.tray} aria-label="Uploads">
      <Group className={styles.head} gap={4} wrap="nowrap">
        <span className="grow clip-text">{headline(items, left.length)}</span>
        <ActionIcon aria-label={folded ? "Show the uploads" : "Fold the uploads"} aria-expanded={!folded} onClick={() => setFolded(!folded)}>
          <DownIcon size={16} style={{ transform: folded ? "rotate(180deg)" : undefined }} />
        </ActionIcon>
        {open.length === 0 && (
          <ActionIcon aria-label="Close the uploads" onClick={close}><CloseIcon size={16} /></ActionIcon>
        )}
      </Group>
      {!folded && (
        <div className={styles.rows}>
          {items.map((item) => <UploadLine key={item.id} item={item} />)}
          {!hidden && left.map((row) => <LeftLine key={row.id} row={row} />)}
        </div>
      )}
    </section>
  );
}

function headline(items: readonly UploadItem[], left: number): string {
  const open = items.filter((item) => item.state === "sending" || item.state === "waiting");
  const failed = items.filter((item) => item.state === "failed").length;
  if (open.length) return `Uploading ${count(open.length, "file")}`;
  if (failed) return `${count(failed, "upload")} failed`;
  const done = items.filter((item) => item.state === "done").length;
  return done ? `${count(done, "file")} uploaded` : items.length ? `${count(items.length, "upload")} paused` : `${count(left, "unfinished upload")}`;
}

const ICONS = { waiting: ClockIcon, sending: UploadIcon, paused: PauseIcon, done: CheckCircleIcon, failed: ErrorIcon };
const TONES = { waiting: "grey", sending: "blue", paused: "grey", done: "green", failed: "red" };

function UploadLine({ item }: { item: UploadItem }) {
  const Icon = ICONS[item.state];
  return (
    <div className={styles.row}>
      <Icon size={16} style={{ color: `var(--state-${TONES[item.state]})`, flex: "none" }} />
      <div className="grow">
        <div className="clip-text">{item.videoId ? <Link className={styles.name} to="/videos/$videoId" params={{ videoId: item.videoId }}>{item.name}</Link> : item.name}</div>
        {(item.state === "sending" || item.state === "paused") && (
          <Progress value={item.size ? (item.sent / item.size) * 100 : 0} size={3} my={4} color={item.state === "paused" ? "gray" : undefined} aria-label={`Upload of ${item.name}`} />
        )}
        <div className={styles.facts} role={item.state === "failed" ? "alert" : undefined}>{facts(item)}</div>
      </div>
      <LineActions item={item} />
    </div>
  );
}

function facts(item: UploadItem): string {
  if (item.state === "waiting") return `Waiting, ${bytes(item.size)}`;
  if (item.state === "done") return `Uploaded, ${bytes(item.size)}`;
  if (item.state === "failed") return [item.error?.text, item.error?.hint].filter(Boolean).join(" ");
  const sent = `${bytes(item.sent)} of ${bytes(item.size)}`;
  if (item.state === "paused") return `Paused at ${sent}`;
  if (!item.speed) return item.resumed ? `Resuming, ${sent}` : sent;
  return `${sent} · ${bytes(item.speed)}/s · ${span((item.size - item.sent) / item.speed)} left`;
}

function LineActions({ item }: { item: UploadItem }) {
  return (
    <Group gap={2} wrap="nowrap">
      {item.state === "sending" && <Act label={`Pause ${item.name}`} onClick={() => uploadQueue.pause(item.id)} icon={<PauseIcon size={15} />} />}
      {item.state === "paused" && <Act label={`Resume ${item.name}`} onClick={() => uploadQueue.resume(item.id)} icon={<PlayIcon size={15} />} />}
      {item.state === "failed" && <Act label={`Try ${item.name} again`} onClick={() => uploadQueue.resume(item.id)} icon={<RetryIcon size={15} />} />}
      {item.state !== "done" && <Act label={`Cancel ${item.name}`} onClick={() => uploadQueue.cancel(item.id)} icon={<CloseIcon size={15} />} />}
    </Group>
  );
}

function LeftLine({ row }: { row: Upload }) {
  const client = useQueryClient();
  const name = row.filename ?? "a file";
  const discard = async () => {
    await discardUpload(row.id).catch(() => undefined);
    void client.invalidateQueries({ queryKey: uploadsQuery.queryKey });
  };
  const share = row.size_bytes ? percent(row.offset_bytes / row.size_bytes) : bytes(row.offset_bytes);
  return (
    <div className={styles.row}>
      <PauseIcon size={16} style={{ color: "var(--state-grey)", flex: "none" }} />
      <div className="grow">
        <div className="clip-text">{name}</div>
        <div className={styles.facts}>Stopped at {share}. Drop the same file again to continue.</div>
      </div>
      <Act label={`Discard ${name}`} onClick={discard} icon={<CloseIcon size={15} />} />
    </div>
  );
}

function Act({ label, onClick, icon }: { label: string; onClick: () => void; icon: React.ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>{icon}</ActionIcon>
    </Tooltip>
  );
}
