import type { Take } from "@/gen";

/** A clip that can be generated, and its take that is under way. */
export type Choice = { key: string; title: string; number: number; hasVideo: boolean; active: Take | null };

/** How far the clips without a video are, with the progress of those under way; once all have one, the takes alone. */
export function progressOf(choices: readonly Choice[], clips: number): { ready: number; share: number } {
  const missing = choices.filter(({ hasVideo }) => !hasVideo);
  const ready = clips - missing.length;
  const running = choices.reduce((sum, { active }) => sum + (active?.progress ?? 0), 0);
  if (missing.length === 0)
    return { ready, share: running / Math.max(1, choices.filter((each) => each.active).length) };
  return { ready, share: Math.min(1, (ready + running) / clips) };
}
