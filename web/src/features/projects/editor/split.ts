import type { Title } from "@/gen";
import { type DraftClip, endOf, isStill, newKey, problemOf, SHORTEST_S } from "./draft";

/**
 * Split a clip at a time of its video (of an image or card, of the clip), half-open: the frame at that time is the first
 * of the second half. Null where a half would be too short.
 *
 * The first half keeps the key, the transition and the fade in; the second gets the fade out. Titles go to the half that
 * shows them, a title over the cut to both. Captions are timed by the video, so both halves keep all of them, and what is
 * trimmed later finds them.
 */
export function split(clip: DraftClip, at: number): [DraftClip, DraftClip] | null {
  const end = endOf(clip);
  const time = Math.round(at * 1000) / 1000;
  if (time - clip.start_s < SHORTEST_S || end - time < SHORTEST_S) return null;
  const shown = (time - clip.start_s) / clip.speed;
  const first: DraftClip = {
    ...clip,
    end_s: time,
    open_end: false,
    fade_out_s: 0,
    titles: clip.titles.flatMap((title) => titleBefore(title, shown)),
    problem: problemOf(clip.video, clip.start_s, time),
  };
  const second: DraftClip = {
    ...clip,
    key: newKey(),
    start_s: time,
    transition_in: null,
    fade_in_s: 0,
    titles: clip.titles.flatMap((title) => titleAfter(title, shown)),
    problem: problemOf(clip.video, time, clip.end_s),
  };
  if (!isStill(clip)) return [first, second];
  const half = { problem: null, start_s: 0 };
  return [
    { ...first, ...half, end_s: time - clip.start_s },
    { ...second, ...half, end_s: end - time },
  ];
}

function titleBefore(title: Title, cut: number): Title[] {
  if ((title.start_s ?? 0) >= cut) return [];
  return [title.end_s <= cut ? title : { ...title, end_s: cut, exit: "none" }];
}

function titleAfter(title: Title, cut: number): Title[] {
  const start = title.start_s ?? 0;
  if (title.end_s <= cut) return [];
  const moved = { ...title, start_s: Math.max(0, start - cut), end_s: title.end_s - cut };
  return [start < cut ? { ...moved, enter: "none" } : moved];
}
