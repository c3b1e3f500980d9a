import { STATES } from "@/components/states";
import { clipStateOf } from "@/features/generate/takes";
import type { Take } from "@/gen";
import { duration, timecode } from "@/lib/format";
import { type DraftClip, endOf, lacksVideo, titleOf } from "../editor/draft";
import { reelLength } from "../editor/times";

/** A clip for screen readers: "Clip 2 of 5: Sunset, 0:04. Its video was deleted." */
export function clipWords(clip: DraftClip, index: number, count: number, take: Take | undefined): string {
  const isPrompt = lacksVideo(clip) && clip.prompt;
  const problem = clip.problem && !isPrompt ? `. ${clip.problem.message}` : "";
  return `Clip ${index + 1} of ${count}: ${titleOf(clip)}, ${spanWords(clip, take)}${problem}`;
}

/** The length of a clip in the reel, or the state of a clip that has no video yet. */
export const spanWords = (clip: DraftClip, take: Take | undefined): string =>
  lacksVideo(clip) && clip.prompt ? (STATES[clipStateOf(take)]?.word ?? "") : duration(reelLength(clip));

/** The span of a clip in a row: its problem, its state, or its in and out points. */
export function rowWords(clip: DraftClip, take: Take | undefined): string {
  if (lacksVideo(clip) && clip.prompt) return spanWords(clip, take);
  return clip.problem?.message ?? `${timecode(clip.start_s)} to ${timecode(endOf(clip))}`;
}
