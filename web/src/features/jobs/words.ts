import type { Job } from "@/gen";
import { percent } from "@/lib/format";

/** "42 % · about 20 s left · Rendering 3 of 8 clips", as far as known, the most important first. */
export function progressWords(job: Job): string {
  if (job.state === "queued") return "Waiting for a worker";
  const left = job.eta_s === null ? [] : [timeLeft(job.eta_s)];
  return [percent(job.progress), ...left, job.step ?? "Starting"].join(" · ");
}

/** The remaining time, rounded so coarsely that it rarely changes. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `about ${Math.max(1, minutes)} min left` : `about ${(minutes / 60).toFixed(1)} h left`;
}
