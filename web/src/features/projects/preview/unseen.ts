import type { ReelEdit } from "../editor/effects";
import type { Placed } from "../editor/times";

/** What the reel has at a clip, and the stage does not show or play, in words. */
export function unseen(edit: ReelEdit, { clip, overlap }: Placed, next: Placed | null): string[] {
  const found: [string, boolean][] = [
    ["crossfade", overlap > 0 || (next?.overlap ?? 0) > 0],
    ["volume", clip.volume !== 1],
    ["fades of the sound", clip.fade_in_s > 0 || clip.fade_out_s > 0],
    ["blurred border", clip.framing.fit === "blur"],
    ["music", edit.music !== null],
  ];
  return found.filter(([, is]) => is).map(([name]) => name);
}

const BEFORE_S = 2;
const AFTER_S = 6;

/** The span to render around the playhead. */
export const spanAround = (at: number, total: number): { start: number; end: number } => {
  const end = Math.min(total, Math.max(at + AFTER_S, BEFORE_S + AFTER_S));
  return { start: Math.max(0, Math.min(at - BEFORE_S, end - BEFORE_S - AFTER_S)), end };
};
