/** What a recording received, in bytes per second, as this page has seen it. */
export type Rate = { at: number; rate: number };

export const WINDOW_MS = 300_000;

/** Add a rate and forget those that left the window. Two of one time are one. */
export function withRate(rates: readonly Rate[], added: Rate): Rate[] {
  const kept = rates.filter(({ at }) => at > added.at - WINDOW_MS && at !== added.at);
  return [...kept, added];
}

type Size = { width: number; height: number };

/** The points of a graph whose right end is *now*: `x,y` as SVG has them. The top is the highest rate. */
export function pointsOf(rates: readonly Rate[], now: number, { width, height }: Size): string {
  const top = highest(rates);
  const inside = rates.filter(({ at }) => at >= now - WINDOW_MS);
  return inside
    .map(({ at, rate }) => {
      const x = width * (1 - (now - at) / WINDOW_MS);
      const y = height * (1 - rate / top);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** The highest rate, at least one byte. */
export const highest = (rates: readonly Rate[]): number => Math.max(1, ...rates.map(({ rate }) => rate));
