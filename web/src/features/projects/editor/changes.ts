import { count, duration } from "@/lib/format";
import { type Draft, type DraftClip, sameSettings, titleOf, totalOf } from "./draft";

/** What *to* is in a few words: its name, how many clips, how long. */
export const summary = (to: Draft): string => `“${to.title}”, ${count(to.clips.length, "clip")}, ${duration(totalOf(to.clips))}`;

/** What differs between two states of a project, as sentences that people read. Clips are matched by their key. */
export function changes(from: Draft, to: Draft): string[] {
  const said: string[] = [];
  if (from.title !== to.title) said.push(`Title is “${to.title}”`);
  if (!sameSettings(from.settings, to.settings)) said.push("Size, frame rate or background changed");
  const before = new Map(from.clips.map((clip) => [clip.key, clip]));
  const after = new Map(to.clips.map((clip) => [clip.key, clip]));
  const added = to.clips.filter((clip) => !before.has(clip.key));
  const removed = from.clips.filter((clip) => !after.has(clip.key));
  const stayed = to.clips.filter((clip) => before.has(clip.key));
  const cut = stayed.filter((clip) => differs(clip, before.get(clip.key)!));
  if (added.length) said.push(`Added ${names(added)}`);
  if (removed.length) said.push(`Removed ${names(removed)}`);
  if (cut.length) said.push(`Trimmed or replaced ${names(cut)}`);
  const orderBefore = from.clips.filter((clip) => after.has(clip.key)).map(({ key }) => key);
  if (orderBefore.join() !== stayed.map(({ key }) => key).join()) said.push("Order of the clips changed");
  return said;
}

const differs = (a: DraftClip, b: DraftClip): boolean => a.video_id !== b.video_id || a.start_s !== b.start_s || a.end_s !== b.end_s;

function names(clips: readonly DraftClip[]): string {
  const shown = clips.slice(0, 3).map((clip) => `“${titleOf(clip)}”`);
  return clips.length > 3 ? `${shown.join(", ")} and ${clips.length - 3} more` : shown.join(", ");
}
