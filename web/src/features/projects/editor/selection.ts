import type { DraftClip } from "./draft";

/** The selected clips; `last` is the one that was selected last, which the player and the inspector show. */
export type Selection = { keys: ReadonlySet<string>; last: string | null };

export const NOTHING: Selection = { keys: new Set(), last: null };

export const only = (key: string | null): Selection => (key === null ? NOTHING : { keys: new Set([key]), last: key });

/** With a clip added, or taken out; the last one that is left stays selected. */
export function toggled({ keys, last }: Selection, key: string): Selection {
  const next = new Set(keys);
  if (!next.delete(key)) return { keys: next.add(key), last: last ?? key };
  const rest = last === key ? ([...next].at(-1) ?? null) : last;
  return { keys: next, last: rest };
}

/** All clips from the last selected one to another. */
export function spanning({ last }: Selection, clips: readonly DraftClip[], key: string): Selection {
  const at = (wanted: string | null) => clips.findIndex((clip) => clip.key === wanted);
  const [from, to] = [Math.max(0, at(last)), at(key)];
  const span = clips.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { keys: new Set(span.map((clip) => clip.key)), last: last ?? clips[from]?.key ?? null };
}
