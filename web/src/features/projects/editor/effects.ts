import type { Captions, Clip, Music, Project, Transition, Watermark } from "@/gen";

/** What is done to a clip, in the words of the API; the defaults change nothing. */
export type Effects = Required<
  Pick<
    Clip,
    | "speed"
    | "volume"
    | "audio_track"
    | "fade_in_s"
    | "fade_out_s"
    | "transition_in"
    | "framing"
    | "zoom"
    | "titles"
    | "captions"
  >
>;

export const NO_EFFECTS: Effects = {
  speed: 1,
  volume: 1,
  audio_track: null,
  fade_in_s: 0,
  fade_out_s: 0,
  transition_in: null,
  framing: { fit: "fit", background: null, crop: null },
  zoom: "none",
  titles: [],
  captions: null,
};

const NAMES = Object.keys(NO_EFFECTS) as (keyof Effects)[];

/** The effects of a clip, with defaults for those that are left out. */
export const effectsOf = (from: Partial<Effects>): Effects =>
  Object.fromEntries(NAMES.map((name) => [name, from[name] ?? NO_EFFECTS[name]])) as Effects;

export const sameEffects = (a: Effects, b: Effects): boolean => NAMES.every((name) => same(a[name], b[name]));

/** The names of the effects that differ between two clips. */
export const changedEffects = (a: Effects, b: Effects): (keyof Effects)[] =>
  NAMES.filter((name) => !same(a[name], b[name]));

/** Seconds by which a clip overlaps the one before, as far as it asks for. */
export const overlapOf = ({ transition_in }: { transition_in: Transition | null }): number =>
  transition_in?.kind === "crossfade" ? (transition_in.duration_s ?? 0) : 0;

export type Marker = { at_s: number; text: string };

/** What lies over and under all clips, and the markers. */
export type ReelEdit = {
  music: Music | null;
  watermark: Watermark | null;
  captions: Captions;
  markers: readonly Marker[];
};

export const editOf = ({ music, watermark, captions, markers }: Partial<Project>): ReelEdit => ({
  music: music ?? null,
  watermark: watermark ?? null,
  captions: captions ?? { mode: "off", language: "und", style: { preset: "standard" }, cues: [] },
  markers: (markers ?? []).map(({ at_s, text = "" }) => ({ at_s, text })),
});

/** The fields of an edit that differ from another's, as the API takes them. */
export const editChanges = (from: ReelEdit, to: ReelEdit): Partial<ReelEdit> =>
  Object.fromEntries(
    (["music", "watermark", "captions", "markers"] as const)
      .filter((name) => !same(from[name], to[name]))
      .map((name) => [name, to[name]]),
  );

export const sameEdit = (a: ReelEdit, b: ReelEdit): boolean => a === b || Object.keys(editChanges(a, b)).length === 0;

/** Whether two values of the API mean the same: a field that is left out is null, times are equal to 0.5 ms. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b || (a ?? null) === (b ?? null)) return true;
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) < 0.0005;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, n) => same(each, b[n]));
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) => same(left[name], right[name]));
}
