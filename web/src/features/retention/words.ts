import type { RetentionPolicy, RetentionRun } from "@/gen";
import { bytes, count, days } from "@/lib/format";

export const CAUSES: Record<RetentionRun["cause"], string> = {
  schedule: "Scheduled",
  requested: "Requested",
  space: "Free space",
};

/** "30 days, 500 GB, 20 videos", or that everything stays. */
export function limitsOf({ max_age_s, max_size_bytes, max_count }: RetentionPolicy): string {
  const limits = [
    max_age_s === null ? null : days(max_age_s),
    max_size_bytes === null ? null : bytes(max_size_bytes),
    max_count === null ? null : count(max_count, "video"),
  ].filter((limit) => limit !== null);
  return limits.length ? `At most ${limits.join(", ")}` : "Everything stays";
}

/** A scope at the beginning of a line. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
