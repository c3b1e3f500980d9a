import { expect, test } from "vitest";
import { linkAt, parseStart } from "@/player/start-time";

test.each([
  [42, 42],
  ["42", 42],
  ["90.5", 90.5],
  ["90s", 90],
  ["1m10s", 70],
  ["1h2m3s", 3723],
  ["0:31", 31],
  ["1:00:01.5", 3601.5],
  ["soon", null],
  ["", null],
  ["-1", null],
  [-1, null],
  [Number.POSITIVE_INFINITY, null],
  [undefined, null],
])("%j begins at %s", (value, seconds) => {
  expect(parseStart(value)).toBe(seconds);
});

test.each([
  [83.6, "https://videos.example.org/s/abc?t=83"],
  [0.9, "https://videos.example.org/s/abc"],
])("a link at %s s is %s", (seconds, link) => {
  expect(linkAt("/s/abc?t=5", seconds)).toBe(link);
});
