import { type DraftClip, newKey } from "./draft";

const KEY = "playhead clips";

/**
 * Copied clips, whole, with what is known of their videos. They outlive the page, so that they can be pasted into another
 * project of the same tab.
 */
export const copyClips = (clips: readonly DraftClip[]): void => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(clips));
  } catch {
    // without storage, or more than it takes: nothing is copied
  }
};

/** The copied clips with keys of their own; empty if nothing was copied. */
export function copiedClips(): DraftClip[] {
  try {
    const clips = JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as DraftClip[];
    return clips.map(asNew);
  } catch {
    return [];
  }
}

/** The same clip as one of its own. */
export const asNew = (clip: DraftClip): DraftClip => ({ ...clip, key: newKey() });
