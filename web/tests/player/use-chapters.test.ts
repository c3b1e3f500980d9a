import { expect, test } from "vitest";
import { chaptersOf, chaptersVtt } from "@/player/use-chapters";

test("each chapter lasts until the next one, and its title cannot break the text", () => {
  const text = chaptersVtt([
    { start_s: 0, title: "Talk" },
    { start_s: 3661.5, title: "a --> b\n\n<c>" },
  ]);

  expect(text).toBe(
    "WEBVTT\n\n00:00:00.000 --> 01:01:01.500\nTalk\n\n01:01:01.500 --> 25:01:01.500\na --&gt; b &lt;c&gt;",
  );
});

test("chapters are read as they were written", () => {
  const chapters = [
    { start_s: 0, title: "Talk" },
    { start_s: 3661.5, title: "a --> b & <c> &lt;" },
  ];

  expect(chaptersOf(chaptersVtt(chapters))).toEqual(chapters);
  expect(chaptersOf("WEBVTT\n")).toEqual([]);
});
