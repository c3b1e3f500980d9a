import { beforeEach, expect, test, vi } from "vitest";
import { leave, leftAt } from "@/player/resume";

beforeEach(() => localStorage.clear());

test.each([
  ["in the middle", 40, 90, 40],
  ["in the first seconds", 4, 90, null],
  ["in the credits", 80, 90, null],
  ["in a short video", 20, 30, null],
  ["while the duration is unknown", 40, Number.NaN, null],
])("a video left %s is resumed there or not at all", (_, at, duration, resumed) => {
  leave("vid", at, duration);

  expect(leftAt("vid")).toBe(resumed);
});

test("a video seen to its end forgets where it was left", () => {
  leave("vid", 40, 90);
  leave("vid", 89, 90);

  expect(leftAt("vid")).toBeNull();
});

test("the oldest of 200 positions goes first", () => {
  vi.useFakeTimers();
  for (let n = 0; n <= 200; n++) {
    vi.setSystemTime(n * 1000);
    leave(`vid ${n}`, 40, 90);
  }
  vi.useRealTimers();

  expect([leftAt("vid 0"), leftAt("vid 1"), leftAt("vid 200")]).toEqual([null, 40, 40]);
});

test.each(["not JSON", "[]", '{"vid": {"at": "soon"}}'])("a store that holds %s is empty", (kept) => {
  localStorage.setItem("playhead-resume", kept);

  expect(leftAt("vid")).toBeNull();
});
