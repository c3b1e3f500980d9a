import type { Job } from "@/gen";
import { percent } from "@/lib/format";

/** "Rendering 3 of 8 clips · 42 % · about 20 s left", as much of it as is known. */
export function progressWords(job: Job): string {
  if (job.state === "queued") return "Waiting for a worker";
  const parts = [job.step ?? "Starting", percent(job.progress)];
  if (job.eta_s !== null) parts.push(timeLeft(job.eta_s));
  return parts.join(" · ");
}

/** How much time is left, no finer than anybody can know it: a word that changes seldom. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `about ${Math.max(1, minutes)} min left` : `about ${(minutes / 60).toFixed(1)} h left`;
}
