import { type DraftClip, lengthOf } from "./draft";

/** Move the playhead of the strip to the player's time: within the shown clip, or along all clips for the reel. */
export function movePlayhead(
  line: HTMLDivElement | null,
  clips: readonly DraftClip[],
  shown: DraftClip | null,
  seconds: number,
): void {
  if (!line) return;
  const place = shown ? { key: shown.key, at: seconds - shown.start_s, of: lengthOf(shown) } : along(clips, seconds);
  const item = place && line.parentElement?.querySelector<HTMLElement>(`[data-clip="${place.key}"]`);
  line.hidden = !item;
  if (!item || !place) return;
  const share = place.of > 0 ? Math.min(1, Math.max(0, place.at / place.of)) : 0;
  line.style.transform = `translateX(${item.offsetLeft + share * item.offsetWidth - 1}px)`;
}

function along(clips: readonly DraftClip[], seconds: number): { key: string; at: number; of: number } | null {
  let before = 0;
  for (const clip of clips) {
    const length = lengthOf(clip);
    if (seconds < before + length || clip === clips.at(-1)) return { key: clip.key, at: seconds - before, of: length };
    before += length;
  }
  return null;
}
