import { expect, test } from "vitest";
import { asNew, copiedClips, copyClips } from "@/features/projects/editor/clipboard";
import { clipFromCard, clipFromServer } from "@/features/projects/editor/draft";
import { snapTo } from "@/features/projects/editor/snap";
import { split } from "@/features/projects/editor/split";
import { totalOf } from "@/features/projects/editor/times";
import { clip } from "./samples";

const title = (text: string, start_s: number, end_s: number) => ({
  text,
  start_s,
  end_s,
  enter: "fade",
  exit: "slide",
});

test("two halves show what the clip showed, with the fades and the transition at its ends", () => {
  const whole = clipFromServer(
    clip("1", {
      start_s: 2,
      speed: 2,
      volume: 0.5,
      fade_in_s: 1,
      fade_out_s: 2,
      transition_in: { kind: "dip", duration_s: 1 },
    }),
    "a",
  );
  const [first, second] = split(whole, 6)!;

  expect([first.start_s, first.end_s, second.start_s, second.end_s]).toEqual([2, 6, 6, 10]);
  expect(totalOf([first, second])).toBe(totalOf([whole]));
  expect([first.key, first.fade_in_s, first.fade_out_s, first.transition_in?.kind]).toEqual(["a", 1, 0, "dip"]);
  expect([second.fade_in_s, second.fade_out_s, second.transition_in]).toEqual([0, 2, null]);
  expect([first.volume, second.volume, second.speed]).toEqual([0.5, 0.5, 2]);
});

test("titles go to the half that shows them; one over the cut is shown on by both without moving", () => {
  const titles = [title("Early", 0, 1), title("Over", 1, 3), title("Late", 3, 4)] as never;
  const [first, second] = split(clipFromServer(clip("1", { speed: 2, titles })), 4)!;

  expect(first.titles).toEqual([title("Early", 0, 1), { ...title("Over", 1, 2), exit: "none" }]);
  expect(second.titles).toEqual([{ ...title("Over", 0, 1), enter: "none" }, title("Late", 1, 2)]);
});

test("captions are timed by the video: both halves keep them", () => {
  const captions = { cues: [{ start_s: 1, end_s: 9, text: "Hello" }] };
  const [first, second] = split(clipFromServer(clip("1", { captions })), 5)!;

  expect([first.captions, second.captions]).toEqual([captions, captions]);
});

test("a card is split into two cards", () => {
  const [first, second] = split(clipFromCard({ text: "The end" }), 1)!;

  expect([first.start_s, first.end_s, second.start_s, second.end_s]).toEqual([0, 1, 0, 3]);
});

test.each([0, 0.02, 9.98, 10, 12])("a cut at %s s leaves no half", (at) => {
  expect(split(clipFromServer(clip("1")), at)).toBeNull();
});

test("copied clips are pasted whole, as clips of their own", () => {
  const stored = new Map<string, string>();
  globalThis.sessionStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  } as never;
  const original = clipFromServer(clip("1", { speed: 2, start_s: 1 }));
  expect(copiedClips()).toEqual([]);

  copyClips([original]);
  const [pasted] = copiedClips();
  expect(pasted).toEqual({ ...original, key: pasted!.key });
  expect(pasted!.key).not.toBe(original.key);
  expect(asNew(original).key).not.toBe(original.key);
});

test.each([
  [4.95, 5],
  [5.4, null],
  [9.55, 9.6],
])("%s s snaps to %s", (at, to) => expect(snapTo(at, [0, 5, 9.4, 9.6], 0.15)).toBe(to));
