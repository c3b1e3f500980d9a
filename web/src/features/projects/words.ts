import type { PlannedClip, ProjectPlan } from "@/gen";

/** What a stitch does with a clip. */
export const PLAN_WORDS: Record<PlannedClip["action"], string> = {
  copy: "copied",
  boundary: "copied, its cuts re-encoded",
  encode: "re-encoded",
};

/** The summary of a plan: "4 of 5 re-encoded, about 10 s". */
export function planHead({ clips, estimate_s, estimate_low_s, estimate_high_s }: ProjectPlan): string {
  const count = (action: PlannedClip["action"]) => clips.filter((clip) => clip.action === action).length;
  const [encoded, cut] = [count("encode"), count("boundary")];
  const of = (n: number) => (n === clips.length ? (n === 1 ? "The clip" : `All ${n}`) : `${n} of ${clips.length}`);
  const parts = encoded > 0 ? [`${of(encoded)} re-encoded`] : [`${of(clips.length)} copied`];
  if (cut > 0)
    parts.push(`${encoded > 0 ? `${cut} copied with` : cut === clips.length ? "with" : `${cut} with`} re-encoded cuts`);
  return `${parts.join(", ")}, ${estimateWords(estimate_s, estimate_low_s, estimate_high_s)}`;
}

/** An estimate as precise as it is known: "about 25 s", "10 to 30 s", "40 s to 2 min". */
export function estimateWords(likely: number, low: number, high: number): string {
  const [from, to] = [coarse(low), coarse(high)];
  if (high < 1.7 * low || (from.value === to.value && from.unit === to.unit))
    return `about ${coarse(likely).value} ${coarse(likely).unit}`;
  return from.unit === to.unit
    ? `${from.value} to ${to.value} ${to.unit}`
    : `${from.value} ${from.unit} to ${to.value} ${to.unit}`;
}

function coarse(seconds: number): { value: string; unit: string } {
  if (seconds < 10) return { value: String(Math.max(1, Math.round(seconds))), unit: "s" };
  if (seconds < 90) return { value: String(5 * Math.round(seconds / 5)), unit: "s" };
  return seconds < 5400
    ? { value: String(Math.round(seconds / 60)), unit: "min" }
    : { value: (seconds / 3600).toFixed(1), unit: "h" };
}
