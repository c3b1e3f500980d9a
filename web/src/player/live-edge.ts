/** Where a growing stream ends, in seconds on the element's clock. */
export type LiveEdge = {
  /** The place to play at: a few seconds before the end, so that there is something to load ahead. */
  sync: number;
  /** The end of what is listed. */
  end: number;
  /** The target duration of its segments. */
  target: number;
};

/** Seconds behind the place that a viewer at the live edge would be at. */
export const behind = (edge: LiveEdge, time: number): number => Math.max(0, edge.sync - time);

/** Whether a viewer counts as live: the end moves in steps of a segment, and a stall may cost as much again. */
export const isLive = (edge: LiveEdge, time: number): boolean => behind(edge, time) <= 2 * edge.target + 1;

/** Where a gap is on the seek bar, in percent of its width; null behind the end of what is shown. */
export function gapPlace(start: number, total: number): number | null {
  if (!(total > 0) || start > total) return null;
  return (100 * Math.max(0, start)) / total;
}
