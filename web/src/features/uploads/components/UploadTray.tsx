import { ActionIcon, Group, Progress, Tooltip } from "@mantine/core";
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { CheckCircleIcon, ClockIcon, CloseIcon, DownIcon, ErrorIcon, PauseIcon, PlayIcon, RetryIcon, RunIcon, UploadIcon } from "@/components/icons";
import { videoQuery } from "@/features/videos/api/get-video";
import type { Upload, Video } from "@/gen";
import { useCell } from "@/lib/cell";
import { bytes, count, percent, span } from "@/lib/format";
import { discardUpload } from "../api/discard-upload";
import { uploadsQuery } from "../api/list-uploads";
import { type UploadItem, uploadQueue, type UploadState } from "../queue";
import styles from "./UploadTray.module.css";

const DONE_SHOWN_MS = 8_000;

/** How an upload stands, followed to the end: what was sent may still turn out to be no video. */
type Phase = UploadState | "preparing" | "errored";
type Row = { item: UploadItem; phase: Phase; video: Video | undefined };

/** The uploads of this page, and those that a reload or a lost connection left unfinished. */
export function UploadTray() {
  const items = useCell(uploadQueue.items);
  const { data } = useQuery(uploadsQuery);
  const [folded, setFolded] = useState(false);
  const [hidden, setHidden] = useState(false);
  const sent = items.filter((item) => item.videoId !== null);
  const videos = useQueries({ queries: sent.map((item) => videoQuery(item.videoId!)) });
  const rows = items.map((item): Row => {
    const video = videos[sent.indexOf(item)];
    return { item, video: video?.data, phase: phaseOf(item, video?.data?.state ?? (video?.error ? "ready" : "preparing")) };
  });
  const allDone = rows.length > 0 && rows.every(({ phase }) => phase === "done");
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
        <span className="grow clip-text">{headline(rows, left.length)}</span>
        <ActionIcon aria-label={folded ? "Show the uploads" : "Fold the uploads"} aria-expanded={!folded} onClick={() => setFolded(!folded)}>
          <DownIcon size={16} style={{ transform: folded ? "rotate(180deg)" : undefined }} />
        </ActionIcon>
        {open.length === 0 && (
          <ActionIcon aria-label="Close the uploads" onClick={close}><CloseIcon size={16} /></ActionIcon>
        )}
      </Group>
      {!folded && (
        <div className={styles.rows}>
          {rows.map((row) => <UploadLine key={row.item.id} {...row} />)}
          {!hidden && left.map((row) => <LeftLine key={row.id} row={row} />)}
        </div>
      )}
    </section>
  );
}

function phaseOf(item: UploadItem, video: Video["state"]): Phase {
  if (item.state !== "done" || item.videoId === null) return item.state;
  return video === "ready" ? "done" : video;
}

function headline(rows: readonly Row[], left: number): string {
  const number = (...phases: Phase[]) => rows.filter(({ phase }) => phases.includes(phase)).length;
  const failed = number("failed", "errored");
  const also = failed ? `, ${failed.toLocaleString("en")} failed` : "";
  if (number("sending", "waiting")) return `Uploading ${count(number("sending", "waiting"), "file")}${also}`;
  if (number("preparing")) return `Preparing ${count(number("preparing"), "video")}${also}`;
  const done = number("done");
  if (failed) return done ? `${count(done, "file")} uploaded${also}` : `${count(failed, "upload")} failed`;
  return done ? `${count(done, "file")} uploaded` : rows.length ? `${count(rows.length, "upload")} paused` : `${count(left, "unfinished upload")}`;
}

const ICONS = { waiting: ClockIcon, sending: UploadIcon, paused: PauseIcon, preparing: RunIcon, done: CheckCircleIcon, failed: ErrorIcon, errored: ErrorIcon };
const TONES = { waiting: "grey", sending: "blue", paused: "grey", preparing: "blue", done: "green", failed: "red", errored: "red" };

function UploadLine({ item, phase, video }: Row) {
  const Icon = ICONS[phase];
  const bad = phase === "failed" || phase === "errored";
  return (
    <div className={styles.row} data-phase={phase}>
      <Icon size={16} style={{ color: `var(--state-${TONES[phase]})`, flex: "none" }} />
      <div className="grow">
        <div className="clip-text">{item.videoId ? <Link className={styles.name} to="/videos/$videoId" params={{ videoId: item.videoId }}>{item.name}</Link> : item.name}</div>
        {(phase === "sending" || phase === "paused") && (
          <Progress value={item.size ? (item.sent / item.size) * 100 : 0} size={3} my={4} color={phase === "paused" ? "gray" : undefined} aria-label={`Upload of ${item.name}`} />
        )}
        <div className={styles.facts} role={bad ? "alert" : undefined}>{phase === "errored" ? (video?.error?.message ?? "It could not be read.") : facts(item, phase)}</div>
      </div>
      <LineActions item={item} />
    </div>
  );
}

function facts(item: UploadItem, phase: Phase): string {
  if (phase === "waiting") return `Waiting, ${bytes(item.size)}`;
  if (phase === "preparing") return `Uploaded, ${bytes(item.size)}. Being prepared`;
  if (phase === "done") return `Ready, ${bytes(item.size)}`;
  if (phase === "failed") return [item.error?.text, item.error?.hint].filter(Boolean).join(" ");
  const sent = `${bytes(item.sent)} of ${bytes(item.size)}`;
  if (phase === "paused") return `Paused at ${sent}`;
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
