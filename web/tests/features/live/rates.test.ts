import { describe, expect, test } from "vitest";
import { pointsOf, WINDOW_MS, withRate } from "@/features/live/rates";

const SIZE = { width: 300, height: 50 };

describe("the graph of what was received", () => {
  test("has now at its right end and the highest rate at its top", () => {
    const rates = [
      { at: 0, rate: 50 },
      { at: WINDOW_MS / 2, rate: 100 },
      { at: WINDOW_MS, rate: 0 },
    ];
    expect(pointsOf(rates, WINDOW_MS, SIZE)).toBe("0.0,25.0 150.0,0.0 300.0,50.0");
  });

  test("is flat at the bottom while nothing was received", () => {
    expect(pointsOf([{ at: 0, rate: 0 }], 0, SIZE)).toBe("300.0,50.0");
    expect(pointsOf([], 0, SIZE)).toBe("");
  });

  test("forgets what left the window, and keeps one rate of a time", () => {
    const kept = withRate([{ at: 0, rate: 1 }], { at: WINDOW_MS, rate: 2 });
    expect(kept).toEqual([{ at: WINDOW_MS, rate: 2 }]);
    expect(withRate(kept, { at: WINDOW_MS, rate: 3 })).toEqual([{ at: WINDOW_MS, rate: 3 }]);
  });
});
