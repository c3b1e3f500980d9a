import type { StorageUse } from "@/gen";

export const USES: Record<StorageUse["name"], { word: string; note: string }> = {
  originals: { word: "Originals", note: "As received" },
  reels: { word: "Reels", note: "Stitched from projects" },
  renditions: { word: "Renditions", note: "Other sizes, and downloads" },
  pictures: { word: "Pictures", note: "Posters, storyboards, previews" },
  renders: { word: "Rendered pieces", note: "Kept for the next stitch" },
  uploads: { word: "Unfinished uploads", note: "At their announced size" },
  scratch: { word: "Scratch", note: "Of running jobs, on this host" },
};

const CHECKS: Record<string, { word: string; ok: string; failing: string }> = {
  database: { word: "Database", ok: "Answers", failing: "Does not answer" },
  store: { word: "Store", ok: "Can be read and written", failing: "Cannot be used" },
  worker: { word: "Workers", ok: "Jobs are run", failing: "Nobody runs jobs" },
  disk: { word: "Disk", ok: "Has room", failing: "Is nearly full" },
};

/** What a health check says: its name, and how it stands. */
export function checkWords({ name, ok, detail }: { name: string; ok: boolean; detail: string | null }): {
  word: string;
  state: string;
} {
  const known = CHECKS[name];
  const state = ok ? (known?.ok ?? "Holds") : (known?.failing ?? "Does not hold");
  return {
    word: known?.word ?? name.slice(0, 1).toUpperCase() + name.slice(1),
    state: detail ? `${state}: ${detail}` : state,
  };
}
