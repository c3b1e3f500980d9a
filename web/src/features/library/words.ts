import type { StorageCause, StorageKind } from "@/gen";

export const KINDS: Record<StorageKind["kind"], string> = {
  originals: "Uploads",
  generations: "Generated videos",
  recordings: "Recordings",
  reels: "Reels",
  renditions: "Renditions",
  stills: "Posters, storyboards and images",
  render_cache: "Render cache",
  trash: "Trash",
};

/** What each cause is, and what frees it. */
export const CAUSES: Record<StorageCause["name"], { title: string; action: string }> = {
  never_played: { title: "Videos that nobody played", action: "Move to trash" },
  old_reels: { title: "Reels that newer ones replaced", action: "Move to trash" },
  unwatched_renditions: { title: "Renditions of videos that nobody played", action: "Delete renditions" },
  trash: { title: "Trash", action: "Open the trash" },
};
