import type { Cue, Title } from "@/gen";
import type { DraftClip } from "../editor/draft";
import type { ReelEdit } from "../editor/effects";
import type { Layout, Placed } from "../editor/times";

/** A colour over the picture. */
export type Veil = { colour: string; opacity: number };

/** A title as far as it has come in; `shift` is the share of its height that it is moved by. */
export type ShownTitle = { key: string; title: Title; opacity: number; shift: number };

/** A caption, and the number of the word that is spoken; null: none. */
export type ShownCue = { cue: Cue; word: number | null };

export type Scene = { veil: Veil | null; titles: ShownTitle[]; cues: ShownCue[] };

/** Seconds that a title takes to come in or to go, at most a third of its time. */
export const MOTION_S = 0.4;

const SLIDE = 0.5; // of its height

/** What the reel shows at a moment, by the same rules as the renderer. */
export function sceneAt(edit: ReelEdit, { placed, total }: Layout, at: number, cuesOf: CuesOf): Scene {
  const time = Math.min(Math.max(0, at), Math.max(0, total - 1e-6));
  const seen = placed.filter(({ start, end }) => start <= time && time < end);
  const top = seen.at(-1);
  return {
    veil: top ? veilAt(top, placed[top.index + 1], time) : null,
    titles: seen.flatMap((each) => titlesAt(each, time)),
    cues: (edit.captions.mode ?? "off") === "off" ? [] : cuesAt(edit, top, time, cuesOf),
  };
}

/** The cues of a clip's caption track; empty while they are not known. */
export type CuesOf = (trackId: string) => readonly Cue[];

/** How far a clip is faded to black. */
const darkAt = ({ fade_in_s, fade_out_s }: DraftClip, since: number, left: number): number =>
  Math.max(fade_in_s > since ? 1 - since / fade_in_s : 0, fade_out_s > left ? 1 - left / fade_out_s : 0);

/** The colour over a clip: that of its fades, or that of the dip at one of its ends. */
export function veilAt({ clip, start, end }: Placed, next: Placed | undefined, time: number): Veil | null {
  const [since, left] = [time - start, end - time];
  const veils: Veil[] = [{ colour: "#000000", opacity: darkAt(clip, since, left) }];
  const dip = (of: DraftClip | undefined, away: number) => {
    const { kind, duration_s = 0, colour = "#000000" } = of?.transition_in ?? {};
    if (kind === "dip" && away < duration_s / 2) veils.push({ colour, opacity: 1 - away / (duration_s / 2) });
  };
  if (start > 0) dip(clip, since);
  dip(next?.clip, left);
  const strongest = veils.reduce((a, b) => (b.opacity > a.opacity ? b : a));
  return strongest.opacity > 0 ? strongest : null;
}

export function titlesAt({ clip, start }: Pick<Placed, "clip" | "start">, time: number): ShownTitle[] {
  const since = time - start;
  return clip.titles.flatMap((title, n) => {
    const { start_s: from = 0, end_s: to, enter = "fade", exit = "fade" } = title;
    if (since < from || since >= to) return [];
    const motion = Math.min(MOTION_S, (to - from) / 3);
    const came = enter === "none" ? 1 : Math.min(1, (since - from) / motion);
    const stays = exit === "none" ? 1 : Math.min(1, (to - since) / motion);
    const opacity = Math.min(came, stays);
    const slides = (enter === "slide" && came < 1) || (exit === "slide" && stays < 1);
    const shift = slides ? (1 - opacity) * SLIDE : 0;
    return [{ key: `${clip.key} ${n}`, title, opacity, shift }];
  });
}

function cuesAt(edit: ReelEdit, top: Placed | undefined, time: number, cuesOf: CuesOf): ShownCue[] {
  const source = top ? top.clip.start_s + (time - top.start) * top.clip.speed : 0;
  return [...spokenAt(clipCues(top?.clip, cuesOf), source), ...spokenAt(edit.captions.cues ?? [], time)];
}

/** The captions of a clip, in seconds of its video. */
export function clipCues(clip: DraftClip | undefined, cuesOf: CuesOf): readonly Cue[] {
  const { track_id, cues = [] } = clip?.captions ?? {};
  return track_id ? cuesOf(track_id) : cues;
}

/** A word counts as spoken until the next one begins, so that nothing flickers between them. */
export function spokenAt(cues: readonly Cue[], at: number): ShownCue[] {
  return cues
    .filter(({ start_s, end_s }) => start_s <= at && at < end_s)
    .map((cue) => {
      const word = (cue.words ?? []).findLastIndex(({ start_s }) => start_s <= at);
      return { cue, word: word < 0 ? null : word };
    });
}
