import type { Project } from "@/gen";
import { count } from "@/lib/format";
import type { Draft } from "./draft";

export const UP_TO_DATE = "The reel is up to date.";

/** The reason why the project cannot be stitched; null if it can. */
export function blockedBy(draft: Draft, project: Project, unsaved: boolean): string | null {
  if (draft.clips.length === 0) return "Add a clip first.";
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
