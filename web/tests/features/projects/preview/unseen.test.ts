import { expect, test } from "vitest";
import { clipFromServer } from "@/features/projects/editor/draft";
import { editOf } from "@/features/projects/editor/effects";
import { layout } from "@/features/projects/editor/times";
import { pictureStyle } from "@/features/projects/preview/framing";
import { spanAround, unseen } from "@/features/projects/preview/unseen";
import { clip } from "../editor/samples";

test("what the stage cannot show is named at both clips of a crossfade", () => {
  const crossfade = { kind: "crossfade" as const, duration_s: 1 };
  const { placed } = layout(
    [{ volume: 0.5 }, { transition_in: crossfade }, {}].map((given, n) => clipFromServer(clip(`${n}`, given))),
  );
  const edit = editOf({ music: { video_id: "vid_1" } });
  expect(placed.map((each, n) => unseen(edit, each, placed[n + 1] ?? null))).toEqual([
    ["crossfade", "volume", "music"],
    ["crossfade", "music"],
    ["music"],
  ]);
  expect(unseen(editOf({}), placed[2]!, null)).toEqual([]);
});

test.each([
  [0, 30, 0, 8],
  [10, 30, 8, 16],
  [29, 30, 22, 30],
  [1, 3, 0, 3],
])("around %s s of %s s lies %s to %s s", (at, total, start, end) => {
  expect(spanAround(at, total)).toEqual({ start, end });
});

test("a crop keeps its part of the picture, which fills the frame or fits in it", () => {
  const crop = { x: 0.25, y: 0, width: 0.5, height: 0.8 };
  expect(pictureStyle({ fit: "fill", crop })).toEqual({
    objectFit: "cover",
    objectViewBox: "inset(0% 25% 20% 25%)",
  });
  expect(pictureStyle({})).toEqual({ objectFit: "contain" });
});
