import type { StorageUse } from "@/gen";

export const USES: Record<StorageUse["name"], { word: string; note: string }> = {
  originals: { word: "Originals", note: "As received" },
  reels: { word: "Reels", note: "Stitched from projects" },
  trash: { word: "Trash", note: "Deleted, can be restored" },
  renditions: { word: "Renditions", note: "Smaller sizes and downloads" },
  pictures: { word: "Stills", note: "Posters, storyboards, animations, waveforms" },
  images: { word: "Images", note: "For reels and generations" },
  renders: { word: "Render cache", note: "Kept for the next stitch" },
  uploads: { word: "Unfinished uploads", note: "At their declared size" },
  scratch: { word: "Scratch", note: "Running jobs, on this host" },
};

const CHECKS: Record<string, { word: string; ok: string; failing: string }> = {
  database: { word: "Database", ok: "Responding", failing: "Not responding" },
  store: { word: "Store", ok: "Readable and writable", failing: "Unavailable" },
  worker: { word: "Workers", ok: "Running jobs", failing: "No worker is running" },
  disk: { word: "Disk", ok: "Enough free space", failing: "Nearly full" },
};

/** The name and the state of a health check. */
export function checkWords({ name, ok, detail }: { name: string; ok: boolean; detail: string | null }): {
  word: string;
  state: string;
} {
  const known = CHECKS[name];
  const state = ok ? (known?.ok ?? "Passing") : (known?.failing ?? "Failing");
  return {
    word: known?.word ?? name.slice(0, 1).toUpperCase() + name.slice(1),
    state: detail ? `${state}: ${detail}` : state,
  };
}
