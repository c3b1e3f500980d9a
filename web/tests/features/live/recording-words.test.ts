import { expect, test } from "vitest";
import { gapMark, gapsLine, gapWords, healthWords } from "@/features/live/recording-words";
import type { Gap, Recording } from "@/gen";

const GAP: Gap = { start_s: 75.4, length_s: 2.04, cause: "source" };

test("a gap says how much is missing and why", () => {
  expect(gapWords(GAP)).toBe("2.0 s missing: the source sent nothing");
  expect(gapWords({ ...GAP, length_s: 30, cause: "ad" })).toBe("Advertisement, 30 s");
  expect(gapWords({ ...GAP, length_s: 95, cause: "host" })).toBe("2 min missing: the server was down");
  expect(gapMark(GAP)).toEqual({ at: 75.4, label: "1:15: 2.0 s missing: the source sent nothing" });
});

test("gaps are summed up", () => {
  expect(gapsLine([])).toBeNull();
  expect(gapsLine([GAP])).toBe("1 gap, 2.0 s missing");
  expect(gapsLine([GAP, { ...GAP, length_s: 12 }])).toBe("2 gaps, 14 s missing");
});

test("the state of a recording is a sentence", () => {
  const recording = { health: "receiving", bytes_per_s: 400_000, stop_requested_at: null } as Recording;
  expect(healthWords(recording)).toBe("Receiving 400 kB/s.");
  expect(healthWords({ ...recording, health: "reconnecting" })).toMatch(/reconnecting/);
  expect(healthWords({ ...recording, stop_requested_at: "2026-05-01T20:00:00Z" })).toMatch(/^Stopping/);
});
