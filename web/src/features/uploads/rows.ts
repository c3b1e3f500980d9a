import type { Video } from "@/gen";
import { bytes, count, span } from "@/lib/format";
import type { UploadItem, UploadState } from "./queue";

/** The phase of an upload, up to the processing of its video. */
export type Phase = UploadState | "preparing" | "errored";
export type Row = { item: UploadItem; phase: Phase; video: Video | undefined };

/** Final phases. */
export const ENDED: readonly Phase[] = ["done", "failed", "errored"];

export function rowOf(item: UploadItem, video: Video | undefined): Row {
  if (item.state !== "done" || item.videoId === null) return { item, video, phase: item.state };
  const state = video?.state ?? "preparing";
  return { item, video, phase: state === "ready" ? "done" : state };
}

/** The headline of the tray. */
export function headline(rows: readonly Row[], left: number, forgotten: number): string {
  const number = (...phases: Phase[]) => rows.filter(({ phase }) => phases.includes(phase)).length;
  const failed = number("failed", "errored");
  const also = failed ? `, ${failed.toLocaleString("en")} failed` : "";
  if (number("sending", "waiting", "held"))
    return `Uploading ${count(number("sending", "waiting", "held"), "file")}${also}`;
  if (number("preparing")) return `Preparing ${count(number("preparing"), "video")}${also}`;
  const done = number("done");
  if (failed) return done ? `${count(done, "file")} uploaded${also}` : `${count(failed, "upload")} failed`;
  if (done) return `${count(done, "file")} uploaded`;
  if (rows.length) return `${count(rows.length, "upload")} paused`;
  return forgotten ? `${count(forgotten, "file")} not started` : `${count(left, "unfinished upload")}`;
}

/** The line below a file's name. */
export function facts(item: UploadItem, phase: Phase): string {
  const sent = `${bytes(item.sent)} of ${bytes(item.size)}`;
  if (phase === "waiting") return item.sent ? `Waiting, ${sent}` : `Waiting, ${bytes(item.size)}`;
  if (phase === "held")
    return item.sent ? `Interrupted at ${sent}. Resumes automatically` : `Waiting, ${bytes(item.size)}`;
  if (phase === "preparing") return `Uploaded, ${bytes(item.size)}. Preparing`;
  if (phase === "done") return `Ready, ${bytes(item.size)}`;
  if (phase === "failed") return [item.error?.text, item.error?.hint].filter(Boolean).join(" ");
  if (phase === "paused") return `Paused at ${sent}`;
  if (!item.speed) return item.resumed ? `Resuming, ${sent}` : sent;
  return `${sent} · ${bytes(item.speed)}/s · ${span((item.size - item.sent) / item.speed)} left`;
}
