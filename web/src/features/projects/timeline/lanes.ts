import type { Cue } from "@/gen";
import { endOf } from "../editor/draft";
import type { ReelEdit } from "../editor/effects";
import { type Layout, toReel } from "../editor/times";

/** A caption on the timeline, in seconds of the reel; of a clip, or of the reel itself. */
export type CaptionBlock = { id: string; key: string | null; start: number; end: number; text: string };

/** The caption tracks that clips within a span of the reel show, each once. */
export function tracksShown({ placed }: Layout, from: number, to: number): { video: string; track: string }[] {
  const found = new Map<string, string>();
  for (const { clip, start, end } of placed) {
    const { track_id: track, cues = [] } = clip.captions ?? {};
    if (track && clip.video && cues.length === 0 && end >= from && start <= to) found.set(track, clip.video.id);
  }
  return [...found].map(([track, video]) => ({ video, track }));
}

/**
 * The captions of the clips and of the reel, within a span of the reel. Cues out of a clip's span are not shown.
 * A clip whose caption track is not among `tracks` yet is one block.
 */
export function captionBlocks(
  { placed }: Layout,
  { cues }: Pick<ReelEdit["captions"], "cues">,
  from: number,
  to: number,
  tracks: ReadonlyMap<string, readonly Cue[]> = new Map(),
): CaptionBlock[] {
  const found: CaptionBlock[] = [];
  for (const place of placed) {
    const { clip, start, end } = place;
    if (end < from || start > to || !clip.captions) continue;
    const { track_id: track, cues: own = [] } = clip.captions;
    const cues = own.length === 0 && track ? tracks.get(track) : own;
    if (track && !cues) found.push({ id: clip.key, key: clip.key, start, end, text: "Caption track" });
    cues?.forEach((cue, n) => {
      if (cue.end_s <= clip.start_s || cue.start_s >= endOf(clip)) return;
      const span = { start: toReel(place, cue.start_s), end: toReel(place, cue.end_s) };
      if (span.end >= from && span.start <= to)
        found.push({ id: `${clip.key} ${n}`, key: clip.key, text: cue.text, ...span });
    });
  }
  (cues ?? []).forEach(({ start_s, end_s, text }: Cue, n) => {
    if (end_s >= from && start_s <= to) found.push({ id: `reel ${n}`, key: null, start: start_s, end: end_s, text });
  });
  return found;
}

/** Seconds of the reel that the music plays for: to the end if it is repeated, else as long as its video lasts. */
export const musicLength = (music: NonNullable<ReelEdit["music"]>, duration: number | null, total: number): number =>
  (music.loop ?? true) || duration === null ? total : Math.min(total, Math.max(0, duration - (music.start_s ?? 0)));
