import type { Campaign, CampaignEstimate, Outcome } from "@/gen";
import { count } from "@/lib/format";
import { dollars } from "@/lib/money";

/** The price of a bulk generation, before it is paid. */
export function estimateWords({ amount, unknown }: Pick<CampaignEstimate, "amount" | "unknown">): string {
  if (amount === 0 && unknown === 0) return "free";
  if (amount === null || (amount === 0 && unknown > 0)) return "at a price that is not known";
  return `for about ${dollars(amount)}${unknown > 0 ? `, and ${count(unknown, "clip")} at a price that is not known` : ""}`;
}

/** Where a campaign stands: "24 projects, 48 of 60 clips ready, 12 reels". */
export function standing({ project_count, ready_count, clip_count, reel_count }: Campaign): string {
  const parts = [count(project_count, "project")];
  if (clip_count > 0) parts.push(`${ready_count} of ${count(clip_count, "clip")} ready`);
  if (reel_count > 0) parts.push(count(reel_count, "reel"));
  return parts.join(", ");
}

/** Whether a project of it can have a new reel; a failed one has a chance. */
export const canBeStitched = ({ statuses }: Pick<Campaign, "statuses">): boolean =>
  Boolean(statuses.ready || statuses.stale || statuses.failed);

/** How the latest bulk action ended. */
export function outcomeWords({ action, done, skipped_count, error }: Outcome): string {
  if (error) return `${action === "generate" ? "Generating" : "Stitching"} ended early: ${error}`;
  const what = action === "generate" ? "Takes requested for" : "Reels requested for";
  return `${what} ${count(done, "project")}${skipped_count > 0 ? `; ${skipped_count} left out` : ""}.`;
}
