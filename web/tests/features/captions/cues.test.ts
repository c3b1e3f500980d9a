import { expect, test } from "vitest";
import { cueAt, edited, insertAfter, mergeUp, retime, saved, secondsOf, split } from "@/features/captions/cues";

const words = [
  { start_s: 1, end_s: 1.5, text: "Hello" },
  { start_s: 2, end_s: 2.5, text: "there" },
];
const cues = [
  edited({ start_s: 1, end_s: 3, text: "Hello there", words }),
  edited({ start_s: 4, end_s: 5, text: "Next", words: [] }),
];

test("a cue is split where the caret is, and its words with it", () => {
  const [first, second] = split(cues, 0, 5);
  expect([first?.text, first?.end_s, first?.words?.length]).toEqual(["Hello", 2, 1]);
  expect([second?.text, second?.start_s, second?.end_s]).toEqual(["there", 2, 3]);
  expect(split(cues, 0, 0)).toHaveLength(2);
});

test("merging what was split gives the cue again", () => {
  const [merged] = mergeUp(split(cues, 0, 5), 1);
  expect(merged).toEqual(cues[0]);
});

test("an edge keeps its distance from the other", () => {
  expect(retime(cues, 0, "start_s", 9)[0]?.start_s).toBe(2.8);
  expect(retime(cues, 0, "end_s", 0)[0]?.end_s).toBe(1.2);
});

test("a new cue ends where the next begins, and an empty one is not saved", () => {
  const more = insertAfter(cues, 0, 0);
  expect([more[1]?.start_s, more[1]?.end_s]).toEqual([3, 4]);
  expect(saved(more)).toHaveLength(2);
});

test("the cue at a time is the one that is shown", () => {
  expect([0, 1, 2.9, 3, 4.5].map((at) => cueAt(cues, at))).toEqual([-1, 0, 0, -1, 1]);
});

test.each([
  ["1:02:03.45", 3723.45],
  ["2:03", 123],
  ["3,4", 3.4],
  ["x", null],
  ["1:2:3:4", null],
])("%s is read as a time", (text, seconds) => expect(secondsOf(text)).toBe(seconds));
