import type { Job } from "@/gen";
import { percent } from "@/lib/format";

/** "42 % · about 20 s left · Rendering 3 of 8 clips", as much of it as is known; what is cut off first comes last. */
export function progressWords(job: Job): string {
  if (job.state === "queued") return "Waiting for a worker";
  const left = job.eta_s === null ? [] : [timeLeft(job.eta_s)];
  return [percent(job.progress), ...left, job.step ?? "Starting"].join(" · ");
}

/** How much time is left, no finer than anybody can know it: a word that changes seldom. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `about ${Math.max(1, minutes)} min left` : `about ${(minutes / 60).toFixed(1)} h left`;
}
