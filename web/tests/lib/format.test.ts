import { describe, expect, test } from "vitest";
import * as format from "@/lib/format";

describe("duration", () => {
  test.each([
    [null, "–"],
    [Number.NaN, "–"],
    [0, "0:00"],
    [0.2, "0:01"],
    [3.6, "0:04"],
    [245, "4:05"],
    [3845, "1:04:05"],
  ])("%s s reads %s", (seconds, text) => {
    expect(format.duration(seconds)).toBe(text);
  });
});

test("a time in a video is the second that has begun", () => {
  expect([3.99, 83.6, -1].map(format.clock)).toEqual(["0:03", "1:23", "0:00"]);
});

describe("timecodes", () => {
  test.each([
    [6.04, "00:06.04"],
    [59.999, "01:00.00"],
    [3666.5, "1:01:06.50"],
  ])("%s s is written %s", (seconds, text) => {
    expect(format.timecode(seconds)).toBe(text);
    expect(format.parseTimecode(text)).toBeCloseTo(seconds, 2);
  });

  test.each([
    ["6", 6],
    [" 6,5 ", 6.5],
    ["1:06.04", 66.04],
    ["1:00:06,5", 3606.5],
    ["", null],
    ["1:2:3:4", null],
    ["soon", null],
    ["1:.", null],
    ["-1", null],
  ])("%j is read as %s", (text, seconds) => {
    expect(format.parseTimecode(text)).toBe(seconds);
  });
});

test.each([
  [null, "–"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [315_600, "316 kB"],
  [999_600, "1.0 MB"],
  [57_000_000_000, "57 GB"],
])("%s bytes read %s", (size, text) => {
  expect(format.bytes(size)).toBe(text);
});

test.each([
  [0.4, "under 1 s"],
  [59, "59 s"],
  [180, "3 min"],
  [3900, "1 h 5 min"],
])("%s s last %s", (seconds, text) => {
  expect(format.span(seconds)).toBe(text);
});

test.each([
  [1.2, "100 %"],
  [0.999, "99 %"],
  [-1, "0 %"],
])("%s is %s", (fraction, text) => {
  expect(format.percent(fraction)).toBe(text);
});

test.each([
  [10, "just now"],
  [-130, "2 min ago"],
  [4 * 3600, "in 4 hr"],
  [-400 * 86_400, "last yr"],
])("%s s from now is %s", (seconds, text) => {
  const now = Date.UTC(2026, 0, 1);
  expect(format.ago(new Date(now + seconds * 1000).toISOString(), now)).toBe(text);
});

test.each([
  [3840, 2160, "4K"],
  [1920, 1080, "1080p"],
  [1080, 1920, "1080×1920"],
  [1000, 500, "1000×500"],
  [null, 500, "–"],
])("%s by %s is %s", (width, height, text) => {
  expect(format.resolution(width, height)).toBe(text);
});

test.each([
  [1080, 1920, "avc1.640028", "1080p"],
  [1920, 1080, "hevc", "1080p HEVC"],
  [1280, 720, null, "720p"],
])("a quality of %s by %s in %s is %s", (width, height, codec, name) => {
  expect(format.qualityName(width, height, codec)).toBe(name);
});

test.each([
  ["deu", "German"],
  ["und", ""],
  ["not a code", "not a code"],
])("the language %s is %j", (code, name) => {
  expect(format.language(code)).toBe(name);
});

test.each([
  [29.97002997, "29.97 fps"],
  [null, "–"],
])("%s frames a second read %s", (fps, text) => {
  expect(format.frameRate(fps)).toBe(text);
});
