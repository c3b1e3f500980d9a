import { type Draft, type DraftClip, isStill, lacksVideo, sameClips, sameSettings } from "./draft";
import { effectsOf, sameEdit } from "./effects";

/** Clips that got a video of a take because they had none, by key. */
export type Arrivals = ReadonlyMap<string, DraftClip>;

const isEmpty = (clip: DraftClip): boolean => lacksVideo(clip) || (clip.video === null && !isStill(clip));

/** The clips that got one between two versions with the same clips. */
export function arrivedIn(before: Draft, after: Draft): Arrivals {
  const arrived = new Map<string, DraftClip>();
  before.clips.forEach((was, n) => {
    const is = after.clips[n];
    if (is && was.key === is.key && isEmpty(was) && !isEmpty(is)) arrived.set(was.key, is);
  });
  return arrived;
}

/**
 * The takes that arrived between two versions of a project; null where anything else differs, too. A take that arrives
 * is the work of a job, so it is no conflict with what a person edits.
 */
export function arrivals(before: Draft, after: Draft): Arrivals | null {
  const arrived = arrivedIn(before, after);
  const same =
    before.title === after.title &&
    sameSettings(before.settings, after.settings) &&
    sameEdit(before.edit, after.edit) &&
    sameClips(withArrivals(before, arrived).clips, after.clips);
  return same ? arrived : null;
}

/** A draft whose clips have the takes that arrived; a clip that has a video keeps it, and all keep their prompts. */
export function withArrivals(draft: Draft, arrived: Arrivals): Draft {
  if (arrived.size === 0) return draft;
  const filled = (clip: DraftClip): DraftClip => {
    const take = arrived.get(clip.key);
    return take && isEmpty(clip) ? { ...take, ...effectsOf(clip), prompt: clip.prompt } : clip;
  };
  return { ...draft, clips: draft.clips.map(filled) };
}
