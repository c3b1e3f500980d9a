import { expect, test } from "vitest";
import { clipFromServer } from "@/features/projects/editor/draft";
import { layout } from "@/features/projects/editor/times";
import { captionBlocks, tracksShown } from "@/features/projects/timeline/lanes";
import { isRepeated } from "@/features/projects/timeline/storyboard";
import { clip } from "./samples";

test("a clip's caption track is one block until its cues are read, then those of its span", () => {
  const along = layout(
    [clip("1", { start_s: 4, captions: { track_id: "cpt_1" } })].map((each) => clipFromServer(each)),
  );
  const cues = [
    { start_s: 1, end_s: 3, text: "Trimmed away" },
    { start_s: 5, end_s: 7, text: "Shown" },
  ];
  const blocks = (tracks?: Map<string, typeof cues>) =>
    captionBlocks(along, { cues: [] }, 0, 100, tracks).map(({ start, end, text }) => [start, end, text]);

  expect(tracksShown(along, 0, 100).map(({ track }) => track)).toEqual(["cpt_1"]);
  expect(tracksShown(along, 50, 100)).toEqual([]);
  expect(blocks()).toEqual([[0, 6, "Caption track"]]);
  expect(blocks(new Map([["cpt_1", cues]]))).toEqual([[1, 3, "Shown"]]);
});

test("a storyboard is too coarse once each of its pictures would stand more than three times", () => {
  const tiles = [0, 10].map((start) => ({ start, x: 0, y: 0, width: 160, height: 90 }));

  expect([1, 3.3, 3.4].map((seconds) => isRepeated({ sheet: "", tiles }, seconds))).toEqual([true, true, false]);
});
