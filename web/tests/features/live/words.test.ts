import { expect, test } from "vitest";
import { windowWords } from "@/features/live/words";

test.each([
  [["mon", "tue", "wed"], "18:00", "02:00", "Mon–Wed 18:00–02:00"],
  [["mon", "sun"], "18:00", "18:00", "Mon, Sun all day"],
  [[], "09:00", "10:00", "daily 09:00–10:00"],
] as const)("a window of %j from %s to %s is %s", (weekdays, start, end, words) => {
  expect(windowWords({ weekdays: [...weekdays], start, end })).toBe(words);
});
