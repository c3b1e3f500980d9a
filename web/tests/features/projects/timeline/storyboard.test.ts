import { expect, test } from "vitest";
import { parseStoryboard, tileAt } from "@/features/projects/timeline/storyboard";

const TEXT = `WEBVTT

00:00:00.000 --> 00:00:02.000
storyboard.jpg?e=1&s=x#xywh=0,0,160,90

00:00:02.000 --> 00:00:04.000
storyboard.jpg?e=1&s=x#xywh=160,0,160,90
`;

test("the sheet is beside the text, whichever page shows it", () => {
  const found = parseStoryboard(TEXT, "http://host/v/vid_1/storyboard.vtt?e=1&s=y");

  expect(found?.sheet).toBe("http://host/v/vid_1/storyboard.jpg?e=1&s=x");
  expect(found && tileAt(found, 3).x).toBe(160);
});
