import { count, duration, timecode } from "@/lib/format";
import { type Draft, type DraftClip, endOf, lacksVideo, samePrompt, sameSettings, sameSource, titleOf } from "./draft";
import { changedEffects, type Effects, editChanges, type ReelEdit } from "./effects";
import { totalOf } from "./times";

/** A version in a few words: title, number of clips, duration. */
export const summary = (to: Draft): string =>
  `“${to.title}”, ${count(to.clips.length, "clip")}, ${duration(totalOf(to.clips))}`;

/** Another version of the same project, and its name in "…, yours at 6.5 s". */
export type Other = { draft: Draft; name: string };

/**
 * The differences between two versions of a project, as sentences. Clips are matched by key.
 *
 * @param other A third version, quoted where it has another time for the same end of a clip.
 */
export function changes(from: Draft, to: Draft, other?: Other): string[] {
  const said: string[] = [];
  if (from.title !== to.title) said.push(`Title changed to “${to.title}”`);
  if (!sameSettings(from.settings, to.settings)) said.push("Reel settings changed");
  said.push(...Object.keys(editChanges(from.edit, to.edit)).map((name) => EDIT_WORDS[name as keyof ReelEdit]));
  const before = byKey(from);
  const after = byKey(to);
  const beside = other && byKey(other.draft);
  for (const clip of to.clips) if (!before.has(clip.key)) said.push(`Added “${titleOf(clip)}”`);
  for (const clip of from.clips) if (!after.has(clip.key)) said.push(`Removed “${titleOf(clip)}”`);
  for (const clip of to.clips) {
    const was = before.get(clip.key);
    if (was) said.push(...cutOf(was, clip, other && { clip: beside?.get(clip.key), name: other.name }));
  }
  const order = (draft: Draft) =>
    draft.clips
      .filter(({ key }) => before.has(key) && after.has(key))
      .map(({ key }) => key)
      .join();
  if (order(from) !== order(to)) said.push("Clip order changed");
  return said.length > MOST ? [...said.slice(0, MOST - 1), `${said.length - MOST + 1} more changes`] : said;
}

const MOST = 8;
const EDIT_WORDS: Record<keyof ReelEdit, string> = {
  music: "Music changed",
  watermark: "Watermark changed",
  captions: "Captions of the reel changed",
  markers: "Markers changed",
};
const EFFECT_WORDS: Record<keyof Effects, string> = {
  speed: "speed",
  volume: "volume",
  audio_track: "audio track",
  fade_in_s: "fade in",
  fade_out_s: "fade out",
  transition_in: "transition",
  framing: "framing",
  zoom: "zoom",
  titles: "titles",
  captions: "captions",
};
const byKey = ({ clips }: Draft) => new Map(clips.map((clip) => [clip.key, clip]));
const differ = (a: number, b: number): boolean => Math.abs(a - b) >= 0.0005;

function cutOf(was: DraftClip, is: DraftClip, other?: { clip?: DraftClip; name: string }): string[] {
  const prompt = samePrompt(was.prompt, is.prompt) ? [] : [`Prompt of “${titleOf(is)}” changed`];
  if (!sameSource(was, is)) return [...prompt, replaced(was, is)];
  const effects = changedEffects(was, is).map((name) => EFFECT_WORDS[name]);
  const effect = effects.length > 0 ? [`“${titleOf(is)}”: ${effects.join(", ")} changed`] : [];
  const describe = (verb: string, of: (clip: DraftClip) => number): string[] => {
    if (!differ(of(was), of(is))) return [];
    const theirs = other?.clip?.video_id === is.video_id ? of(other.clip) : null;
    const beside = theirs !== null && differ(theirs, of(is)) ? `, ${other!.name} at ${seconds(theirs)}` : "";
    return [`“${titleOf(is)}” ${verb} at ${seconds(of(is))}${beside}`];
  };
  return [...prompt, ...effect, ...describe("begins", (clip) => clip.start_s), ...describe("ends", endOf)];
}

const replaced = (was: DraftClip, is: DraftClip): string =>
  lacksVideo(was) ? `“${titleOf(was)}” generated` : `“${titleOf(was)}” replaced with “${titleOf(is)}”`;

/** "6.5 s", and "01:06.50" from a minute on. */
const seconds = (value: number): string => (value < 60 ? `${Math.round(value * 100) / 100} s` : timecode(value));
