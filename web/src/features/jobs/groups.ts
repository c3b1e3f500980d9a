import type { JobGroup } from "@/gen";
import { percent } from "@/lib/format";
import { progressWords } from "./words";

/** Whether a job of the group is queued or running. */
export const isGroupActive = ({ counts }: JobGroup): boolean => counts.queued + counts.running > 0;

/** The one state of a group: what still runs comes first, then what went wrong. */
export function groupState({ counts }: JobGroup): string {
  if (counts.running) return "running";
  if (counts.queued) return "queued";
  if (counts.failed) return "failed";
  return counts.succeeded ? "succeeded" : "canceled";
}

/** "7 of 12 done · 1 errored" of several jobs, or how far the only one is. */
export function groupWords(group: JobGroup): string {
  if (group.job) return progressWords(group.job);
  const { succeeded, failed, canceled } = group.counts;
  return [
    `${succeeded} of ${group.count} done`,
    failed > 0 && `${failed} errored`,
    canceled > 0 && `${canceled} canceled`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What stands beside the state of a group. */
export function groupNote(group: JobGroup): string | undefined {
  const { counts } = group;
  if (counts.running) return percent(group.progress);
  if (group.count === 1) return undefined;
  if (counts.failed) return `${counts.failed} of ${group.count}`;
  return counts.queued && counts.succeeded ? `${counts.queued} of ${group.count}` : undefined;
}
