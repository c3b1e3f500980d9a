import { expect, test } from "vitest";
import { isBuffered, marginOf } from "@/player/use-renewal";

const buffered = (...ranges: [number, number][]): TimeRanges => ({
  length: ranges.length,
  start: (n) => ranges[n]?.[0] ?? 0,
  end: (n) => ranges[n]?.[1] ?? 0,
});

test.each([
  ["a day", 86_400_000, 60_000],
  ["a minute", 60_000, 15_000],
  ["nothing, by clocks that differ", -1000, null],
])("a URL that lives for %s is renewed early enough", (_, life, margin) => {
  expect(marginOf({ signedAt: 5, expiresAt: 5 + life })).toBe(margin);
});

test.each([
  [10, 40, true],
  [40, 10, true],
  [10, 60, false],
  [45, 60, false],
])("from %s to %s s is loaded: %s", (currentTime, until, loaded) => {
  expect(isBuffered({ buffered: buffered([0, 42], [55, 90]), currentTime }, until)).toBe(loaded);
});
