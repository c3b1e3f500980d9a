import { describe, expect, test } from "vitest";
import { clipFromServer } from "@/features/projects/editor/draft";
import { clipAt, frameTimecode, layout, parseTime, toReel, toSource, totalOf } from "@/features/projects/editor/times";
import { clip, prompted } from "./samples";

const fade = (duration_s: number) => ({ transition_in: { kind: "crossfade" as const, duration_s } });
const places = (clips: Parameters<typeof layout>[0]) =>
  layout(clips).placed.map(({ start, end, overlap }) => [start, end, overlap]);

describe("the clips along the reel", () => {
  test("follow each other at their speed", () => {
    const clips = [clip("1", { speed: 2 }), clip("2", { start_s: 4 }), clip("3", { speed: 0.5 })];

    expect(places(clips.map((each) => clipFromServer(each)))).toEqual([
      [0, 5, 0],
      [5, 11, 0],
      [11, 31, 0],
    ]);
  });

  test("overlap in a crossfade, at most by half of each; the first one has nothing to overlap", () => {
    const clips = [clip("1", fade(3)), clip("2", fade(1)), clip("3", { ...fade(4), start_s: 9 })];

    expect(places(clips.map((each) => clipFromServer(each)))).toEqual([
      [0, 10, 0],
      [9, 19, 1],
      [18.5, 19.5, 0.5],
    ]);
  });

  test("a dip to black overlaps nothing", () => {
    const dip = { transition_in: { kind: "dip" as const, duration_s: 2 } };
    expect(totalOf([clip("1"), clip("2", dip)].map((each) => clipFromServer(each)))).toBe(20);
  });

  test("a clip that is not generated yet has its planned length in the strip, and none in the reel", () => {
    const clips = [clip("1"), prompted("2")].map((each) => clipFromServer(each));

    expect(layout(clips).total).toBe(14);
    expect(totalOf(clips)).toBe(10);
  });

  test.each([
    [0, "a"],
    [8.9, "a"],
    [9, "b"],
    [18.99, "b"],
    [50, "b"],
  ])("at %s s is clip %s", (seconds, id) => {
    const clips = layout([clipFromServer(clip("1"), "a"), clipFromServer(clip("2", fade(1)), "b")]);
    expect(clipAt(clips, seconds)?.clip.key).toBe(id);
  });

  test("times of the video and of the reel translate into each other", () => {
    const placed = layout([clip("1"), clip("2", { start_s: 2, speed: 2 })].map((each) => clipFromServer(each)));
    const second = placed.placed[1]!;

    expect(toSource(second, 11)).toBe(4);
    expect(toReel(second, 4)).toBe(11);
    expect([toSource(second, 0), toSource(second, 99)]).toEqual([2, 10]);
  });
});

test.each([
  [0, 25, "00:00:00:00"],
  [61.04, 25, "00:01:01:01"],
  [3600, 29.97, "00:59:56:12"],
])("%s s at %s fps is %s", (seconds, fps, text) => expect(frameTimecode(seconds, fps)).toBe(text));

test.each([
  ["12.5", 12.5],
  ["1:02", 62],
  ["1:02,5", 62.5],
  ["00:01:02:12", 62.48],
  ["", null],
  ["1::2", null],
  ["later", null],
])("the typed time %s is %s", (text, seconds) => expect(parseTime(text, 25)).toBe(seconds));
