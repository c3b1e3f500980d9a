import type { CaptionCue } from "@/gen";

const LEAST_S = 0.2;

/** A cue in the editor; the key stays while its text and times change. */
export type EditedCue = CaptionCue & { key: number };

let made = 0;

export const edited = (cue: CaptionCue): EditedCue => ({ ...cue, key: ++made });

/** What is sent: without keys, and without cues that have no text. */
export const saved = (cues: readonly EditedCue[]): CaptionCue[] =>
  cues.filter(({ text }) => text.trim()).map(({ key: _, ...cue }) => cue);

/** The number of the cue that is shown at a time; -1 for none. */
export function cueAt(cues: readonly CaptionCue[], seconds: number): number {
  return cues.findIndex(({ start_s, end_s }) => start_s <= seconds && seconds < end_s);
}

/** Split a cue at a place in its text; its time is shared by length, its words keep theirs. */
export function split(cues: readonly EditedCue[], at: number, caret: number): EditedCue[] {
  const cue = cues[at];
  if (!cue) return [...cues];
  const [before, after] = [cue.text.slice(0, caret).trim(), cue.text.slice(caret).trim()];
  if (!before || !after) return [...cues];
  const count = before.split(/\s+/).length;
  const words = cue.words ?? [];
  const known = words.length === cue.text.trim().split(/\s+/).length ? words[count]?.start_s : undefined;
  const share = before.length / (before.length + after.length);
  const middle = round(known ?? cue.start_s + (cue.end_s - cue.start_s) * share);
  const first = { ...cue, text: before, end_s: middle, words: known === undefined ? [] : words.slice(0, count) };
  const second = edited({
    start_s: middle,
    end_s: cue.end_s,
    text: after,
    words: known === undefined ? [] : words.slice(count),
  });
  return [...cues.slice(0, at), first, second, ...cues.slice(at + 1)];
}

/** Merge a cue with the one before it. */
export function mergeUp(cues: readonly EditedCue[], at: number): EditedCue[] {
  const [before, cue] = [cues[at - 1], cues[at]];
  if (!before || !cue) return [...cues];
  const words = before.words?.length && cue.words?.length ? [...before.words, ...cue.words] : [];
  const merged = { ...before, end_s: Math.max(before.end_s, cue.end_s), text: `${before.text} ${cue.text}`, words };
  return [...cues.slice(0, at - 1), merged, ...cues.slice(at + 1)];
}

/** An empty cue after another one, or at a time where there is none. */
export function insertAfter(cues: readonly EditedCue[], at: number, seconds: number): EditedCue[] {
  const start_s = round(Math.max(cues[at]?.end_s ?? 0, at < 0 ? seconds : 0));
  const next = cues[at + 1]?.start_s ?? Number.POSITIVE_INFINITY;
  const end_s = round(Math.max(start_s + LEAST_S, Math.min(start_s + 2, next)));
  return [...cues.slice(0, at + 1), edited({ start_s, end_s, text: "", words: [] }), ...cues.slice(at + 1)];
}

export const removeAt = (cues: readonly EditedCue[], at: number): EditedCue[] => cues.filter((_, n) => n !== at);

export const retext = (cues: readonly EditedCue[], at: number, text: string): EditedCue[] =>
  cues.map((cue, n) => (n === at ? { ...cue, text } : cue));

/** Move the start or the end of a cue; the other end stays at least 0.2 s away. */
export function retime(
  cues: readonly EditedCue[],
  at: number,
  edge: "start_s" | "end_s",
  seconds: number,
): EditedCue[] {
  return cues.map((cue, n) => {
    if (n !== at) return cue;
    const wanted = round(Math.max(0, seconds));
    const value = edge === "start_s" ? Math.min(wanted, cue.end_s - LEAST_S) : Math.max(wanted, cue.start_s + LEAST_S);
    return { ...cue, [edge]: round(Math.max(0, value)) };
  });
}

/** Seconds of `1:02:03.45`, `2:03` or `3.4`; null for anything else. */
export function secondsOf(text: string): number | null {
  const match = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,6}(?:[.,]\d{1,3})?)$/.exec(text.trim());
  if (!match) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(",", "."));
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
