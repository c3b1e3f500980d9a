import { type DraftClip, endOf, lacksVideo, weightOf } from "./draft";
import { overlapOf } from "./effects";

/** A clip in the reel: the half-open span in which it is shown, in seconds of the reel. */
export type Placed = {
  clip: DraftClip;
  index: number;
  start: number;
  end: number;
  /** Seconds of its beginning that it shares with the clip before, in a crossfade. */
  overlap: number;
};

export type Layout = { placed: readonly Placed[]; total: number };

/** Seconds of the reel that a clip takes; of one that is not generated yet, the planned ones. */
export const reelLength = (clip: DraftClip): number => weightOf(clip) / (clip.speed || 1);

/**
 * The clips along the reel: each follows the one before, at its speed, and a crossfade overlaps the two. A crossfade takes
 * at most half of each of them.
 */
export function layout(clips: readonly DraftClip[]): Layout {
  const placed: Placed[] = [];
  let end = 0;
  clips.forEach((clip, index) => {
    const length = reelLength(clip);
    const before = placed.at(-1);
    const overlap = before ? Math.min(overlapOf(clip), length / 2, (before.end - before.start) / 2) : 0;
    const start = end - overlap;
    end = start + length;
    placed.push({ clip, index, start, end, overlap });
  });
  return { placed, total: end };
}

/** The duration of the reel, without the clips that have no video yet. */
export const totalOf = (clips: readonly DraftClip[]): number => layout(clips.filter((clip) => !lacksVideo(clip))).total;

/** The clip at a time of the reel: in a crossfade the one that comes, past the end the last one. */
export function clipAt({ placed }: Layout, seconds: number): Placed | null {
  let [low, high] = [0, placed.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (placed[middle]!.start <= seconds) low = middle;
    else high = middle - 1;
  }
  return placed[low] ?? null;
}

/** A time of the reel as a time of the clip's video, within its span. */
export const toSource = ({ clip, start }: Placed, seconds: number): number =>
  Math.min(endOf(clip), Math.max(clip.start_s, clip.start_s + (seconds - start) * clip.speed));

/** A time of the clip's video as a time of the reel, within the clip's place. */
export const toReel = ({ clip, start, end }: Placed, seconds: number): number =>
  Math.min(end, Math.max(start, start + (seconds - clip.start_s) / clip.speed));

/** The place of a clip, by its key. */
export const placeOf = ({ placed }: Layout, key: string | null | undefined): Placed | null =>
  placed.find(({ clip }) => clip.key === key) ?? null;

/** The nearest time that is a whole number of frames. */
export const onFrame = (seconds: number, fps: number): number => Math.round(seconds * fps) / fps;

/** A time as `hh:mm:ss:ff`, without drop frames. */
export function frameTimecode(seconds: number, fps: number): string {
  const rate = Math.max(1, Math.round(fps));
  const frames = Math.max(0, Math.round(seconds * fps));
  const whole = Math.floor(frames / rate);
  return [whole / 3600, (whole / 60) % 60, whole % 60, frames % rate].map((part) => two(Math.floor(part))).join(":");
}

const two = (part: number): string => String(part).padStart(2, "0");

/** Parse `hh:mm:ss:ff`, `mm:ss.cc`, `mm:ss` or seconds as seconds; null for anything else. */
export function parseTime(text: string, fps: number): number | null {
  const parts = text.trim().replace(",", ".").split(/[:;]/);
  if (parts.length > 4 || !parts.every((part) => /^(\d+\.?\d*|\.\d+)$/.test(part))) return null;
  const frames = parts.length === 4 ? Number(parts.pop()) : 0;
  const seconds = parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  return seconds + frames / fps;
}
