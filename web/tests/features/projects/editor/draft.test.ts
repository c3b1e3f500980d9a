import { describe, expect, test } from "vitest";
import {
  clipFromServer,
  clipFromVideo,
  clipInput,
  draftOf,
  gathered,
  matchedKeys,
  problemOf,
  sameDraft,
  trimmed,
} from "@/features/projects/editor/draft";
import { totalOf } from "@/features/projects/editor/times";
import { clip, project, video } from "./samples";

describe("a trim", () => {
  const whole = clipFromServer(clip("1"));

  test.each([
    ["inside the video", 2.0004, 7, "start", [2, 7]],
    ["before the video", -3, 7, "start", [0, 7]],
    ["past its end", 2, 99, "end", [2, 10]],
    ["of the start past the end", 8, 7, "start", [6.96, 7]],
    ["of the end before the start", 2, 1, "end", [2, 2.04]],
    ["of the end to nothing at the very end", 10, 10, "end", [10, 10]],
  ] as const)("%s stays within it", (_, start, end, side, [from, to]) => {
    const after = trimmed(whole, start, end, side);

    expect([after.start_s, after.end_s]).toEqual([from, to]);
  });

  test("of the start keeps an open end open, one of the end closes it", () => {
    const open = clipFromServer(clip("1", { end_s: null }));

    expect(clipInput(trimmed(open, 2, 10, "start"), "1")).toMatchObject({ id: "1", start_s: 2, end_s: null });
    expect(clipInput(trimmed(open, 0, 8, "end"), "1")).toMatchObject({ start_s: 0, end_s: 8 });
  });
});

test.each([
  [null, 0, 5, "video_deleted"],
  [video("a", { state: "preparing" }), 0, 5, "video_not_ready"],
  [video("a", { state: "errored" }), 0, 5, "video_not_ready"],
  [video("a"), 10, 11, "outside_video"],
  [video("a"), 0, 10.2, "outside_video"],
  [video("a"), 0, 10.04, undefined],
  [video("a"), 2, null, undefined],
])("the problem of a clip is known before it is saved", (video, start, end, code) => {
  expect(problemOf(video, start, end)?.code).toBe(code);
});

test.each([
  [0, 2, "bca"],
  [2, 0, "cab"],
  [1, 1, "abc"],
  [0, 3, "abc"],
  [-1, 0, "abc"],
])("a move from %s to %s", (from, to, order) => {
  const clips = [..."abc"].map((key) => clipFromServer(clip(key), key));
  const after = gathered(clips, clips[from] ? [clips[from]] : [], to);
  expect(after.map(({ key }) => key).join("")).toBe(order);
});

test("the total is that of all spans; a clip without a known end counts nothing", () => {
  const preparing = clipFromVideo(video("b", { state: "preparing", duration_s: null }));

  expect(totalOf([clipFromServer(clip("1", { start_s: 2.5 })), preparing])).toBe(7.5);
});

describe("the clips of another version", () => {
  const known = draftOf(project(1, [clip("1"), clip("2", { video_id: "b" }), clip("3", { end_s: 4 })])).clips;
  const [one, two, three] = known.map(({ key }) => key);

  test("keep their keys by their ids", () => {
    const ids: Record<string, string | undefined> = { 1: one, 2: two };
    const keys = matchedKeys([clip("2", { video_id: "b" }), clip("1", { start_s: 3 })], (id) => ids[id], known);

    expect(keys).toEqual([two, one]);
  });

  test("are matched by span, then by video, where their ids are new", () => {
    const theirs = [clip("7", { end_s: 4 }), clip("8", { start_s: 1 }), clip("9", { video_id: "b", end_s: 2 })];

    expect(matchedKeys(theirs, () => undefined, known)).toEqual([three, one, two]);
  });

  test("have no key where nothing fits", () => {
    expect(matchedKeys([clip("7", { video_id: "new" })], () => undefined, known)).toEqual([undefined]);
  });
});

test("drafts of the same clips, settings and title are the same", () => {
  const keyOf = ({ id }: { id: string }) => id;
  const draft = draftOf(project(1, [clip("1")]), keyOf);

  expect(sameDraft(draft, draftOf(project(2, [clip("1", { end_s: 10.0002 })]), keyOf))).toBe(true);
  expect(sameDraft(draft, draftOf(project(2, [clip("1", { end_s: 9.9 })]), keyOf))).toBe(false);
  expect(sameDraft(draft, { ...draft, settings: { ...draft.settings, fps: 30 } })).toBe(false);
});
