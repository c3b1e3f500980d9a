import { describe, expect, test } from "vitest";
import { behind, gapPlace, isLive } from "@/player/live-edge";

const EDGE = { sync: 96, end: 100, target: 2 };

describe("the live edge", () => {
  test("a viewer is behind it by what lies before the place to play at", () => {
    expect(behind(EDGE, 60)).toBe(36);
    expect(behind(EDGE, 98)).toBe(0);
  });

  test("a viewer stays live while the end moves on by a segment or two", () => {
    expect(isLive(EDGE, 96)).toBe(true);
    expect(isLive(EDGE, 91)).toBe(true);
    expect(isLive(EDGE, 90)).toBe(false);
  });
});

describe("the place of a gap on the seek bar", () => {
  test("is a percentage of what is recorded so far", () => {
    expect(gapPlace(30, 120)).toBe(25);
    expect(gapPlace(-1, 120)).toBe(0);
  });

  test("is unknown without a duration, and behind the end of what is listed", () => {
    expect(gapPlace(30, 0)).toBeNull();
    expect(gapPlace(30, Number.NaN)).toBeNull();
    expect(gapPlace(121, 120)).toBeNull();
  });
});
