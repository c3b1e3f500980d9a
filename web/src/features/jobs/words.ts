import type { Job } from "@/gen";
import { percent, span } from "@/lib/format";

const KINDS: Record<string, string> = { ingest: "Ingest", stitch: "Stitch", poster: "Poster", renditions: "Renditions", samples: "Samples" };
export const kindWord = (kind: string): string => KINDS[kind] ?? kind;

/** "Render clip 3 of 8 · 42 % · 20 s left", as much of it as is known. */
export function progressWords(job: Job): string {
  if (job.state === "queued") return "Waiting for a worker";
  const parts = [stepWords(job.step ?? "starting"), percent(job.progress)];
  if (job.eta_s !== null && job.eta_s !== undefined) parts.push(`${span(job.eta_s)} left`);
  return parts.join(" · ");
}

/** "render 3" as "Render clip 3", other names with a capital. */
export function stepWords(name: string): string {
  const words = name.replace(/^render (\d+)$/, "render clip $1");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
