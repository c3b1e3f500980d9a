/** Where each video was left, in this browser alone. */

const KEY = "playhead-resume";
const MOST = 200; // the oldest goes first
const SHORT_S = 60; // shorter ones begin anew
const BEGUN_S = 10;
const OVER_S = 15; // the last seconds are credits: who stopped there has seen it

type Left = { at: number; when: number };

/** The second to go on at; null for one that was not begun, or was seen to its end. */
export const leftAt = (key: string): number | null => read()[key]?.at ?? null;

/** Note where a video is. A place that is not worth a return removes the note. */
export function leave(key: string, at: number, duration: number): void {
  if (!Number.isFinite(duration)) return;
  const { [key]: before, ...others } = read();
  const worth = duration >= SHORT_S && at >= BEGUN_S && at <= duration - OVER_S;
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
    // storage is off or full: the place is forgotten
  }
}
