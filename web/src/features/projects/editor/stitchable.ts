import { isActiveTake } from "@/features/generate/takes";
import type { Project } from "@/gen";
import { count } from "@/lib/format";
import { type Draft, lacksVideo } from "./draft";
import type { TakesOf } from "./use-takes";

export const UP_TO_DATE = "The reel is up to date.";

/** The reason why the project cannot be stitched; null if it can. */
export function blockedBy(draft: Draft, project: Project, unsaved: boolean, takesOf: TakesOf): string | null {
  if (draft.clips.length === 0) return "Add a clip first.";
  const missing = draft.clips.filter(lacksVideo);
  const idle = missing.filter((clip) => !takesOf(clip).some(isActiveTake));
  if (idle.length > 0) return missingWords(idle.length, draft.clips.length);
  if (missing.length > 0) return `${count(missing.length, "clip")} ${missing.length === 1 ? "is" : "are"} generating.`;
  const bad = draft.clips.map((clip, n) => ({ clip, n })).filter(({ clip }) => clip.problem);
  const first = bad[0];
  if (first) {
    const others =
      bad.length > 1 ? ` ${count(bad.length - 1, "more clip")} ${bad.length > 2 ? "have" : "has"} problems too.` : "";
    return `Clip ${first.n + 1}: ${first.clip.problem!.message}${others}`;
  }
  if (!unsaved && project.reel && !project.reel.stale && project.status === "complete") return UP_TO_DATE;
  return null;
}

const missingWords = (missing: number, of: number): string =>
  of === 1
    ? "The clip has no video yet. Generate it first."
    : `${missing} of ${of} clips ${missing === 1 ? "has" : "have"} no video yet. Generate ${missing === 1 ? "it" : "them"} first.`;
