import type { Take } from "@/gen";

/** A clip that can be generated, its take that is under way, and its newest one. */
export type Choice = {
  key: string;
  title: string;
  number: number;
  hasVideo: boolean;
  active: Take | null;
  last: Take | null;
};

/** Takes that one request may ask for. */
export const MOST_AT_ONCE = 500;

/** Whether a clip is generated unless the person chooses otherwise: nothing is submitted twice by itself. */
export const isDue = ({ hasVideo, active, last }: Choice): boolean => !hasVideo && !active && last?.state !== "unknown";

/** What to know before a clip is generated. */
export function noteOf({ hasVideo, active, last }: Choice): string | undefined {
  if (active) return "Generating now";
  if (last?.state === "unknown") return "Its last take may have been submitted: decide on that one first";
  if (last?.state === "refused") return "The provider refused its last take";
  return hasVideo ? "Has a video; makes another take" : undefined;
}

/** How far the clips without a video are, with the progress of those under way; once all have one, the takes alone. */
export function progressOf(choices: readonly Choice[], clips: number): { ready: number; share: number } {
  const missing = choices.filter(({ hasVideo }) => !hasVideo);
  const ready = clips - missing.length;
  const running = choices.reduce((sum, { active }) => sum + (active?.progress ?? 0), 0);
  if (missing.length === 0)
    return { ready, share: running / Math.max(1, choices.filter((each) => each.active).length) };
  return { ready, share: Math.min(1, (ready + running) / clips) };
}
