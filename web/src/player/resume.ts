/** Playback positions, kept in this browser only. */

const KEY = "playhead-resume";
const MOST = 200; // the oldest goes first
const SHORT_S = 60; // shorter videos always start at the beginning
const BEGUN_S = 10;
const OVER_S = 15; // the last seconds are credits: the video counts as watched

type Left = { at: number; when: number };

/** The position to resume at; null for a video that was not started, or watched to its end. */
export const leftAt = (key: string): number | null => read()[key]?.at ?? null;

/** Whether a video is worth going on with at a position: not near its start or its end. */
export const isWorth = (at: number, duration: number): boolean =>
  duration >= SHORT_S && at >= BEGUN_S && at <= duration - OVER_S;

/** Keep the position of a video. A position too near the start or the end removes it. */
export function leave(key: string, at: number, duration: number): void {
  if (!Number.isFinite(duration)) return;
  const { [key]: before, ...others } = read();
  const worth = isWorth(at, duration);
  if (!worth && !before) return;
  const kept = Object.entries(others)
    .sort(([, a], [, b]) => b.when - a.when)
    .slice(0, MOST - 1);
  write(Object.fromEntries(worth ? [[key, { at: Math.round(at * 10) / 10, when: Date.now() }], ...kept] : kept));
}

function read(): Record<string, Left> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (!kept || typeof kept !== "object") return {};
    return Object.fromEntries(
      Object.entries(kept as Record<string, Partial<Left>>).filter(
        ([, left]) => Number.isFinite(left?.at) && Number.isFinite(left?.when),
      ),
    ) as Record<string, Left>;
  } catch {
    return {};
  }
}

function write(kept: Record<string, Left>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // storage is disabled or full: the position is lost
  }
}
