import { expect, test } from "vitest";
import { qualitiesOf } from "@/player/stream";
import { StreamSignature } from "@/player/stream-signature";

const level = (height: number, codec = "avc1.42E01E", uri = `/${height}/index.m3u8`) => ({
  width: (height * 16) / 9,
  height,
  videoCodec: codec,
  uri,
});

test("qualities are named after their short side, the largest first", () => {
  expect(qualitiesOf([level(360), level(1080), level(720, "hvc1.1.6.L93.B0")])).toEqual([
    { level: 1, name: "1080p" },
    { level: 2, name: "720p HEVC" },
    { level: 0, name: "360p" },
  ]);
});

test("an original beside a rendition of its size says so", () => {
  const names = qualitiesOf([level(720, "avc1", "/v/vid/video.m3u8?k=1"), level(720)]).map(({ name }) => name);

  expect(names).toEqual(["720p original", "720p"]);
});

test("a renewed signature replaces the earlier ones, and no others", () => {
  const signature = new StreamSignature("/v/a.m3u8?k=1");
  signature.renew("/v/a.m3u8?k=2");
  signature.renew("/v/a.m3u8?k=3");

  expect(signature.fresh("/v/1.m4s?k=1")).toBe("/v/1.m4s?k=3");
  expect(signature.fresh("/v/1.m4s?k=2")).toBe("/v/1.m4s?k=3");
  expect(signature.fresh("/v/1.m4s?k=other")).toBe("/v/1.m4s?k=other");
  expect(["1", "2", "3", "other"].map((k) => signature.isOld(`/v/1.m4s?k=${k}`))).toEqual([true, true, false, false]);
  expect(["1", "3", "other"].map((k) => signature.signs(`/v/1.m4s?k=${k}`))).toEqual([true, true, false]);
});

test("delivery directives stay with the URL of a playlist that grows", () => {
  const signature = new StreamSignature("/v/live.m3u8?k=1");
  signature.renew("/v/live.m3u8?k=2");
  const reload = "/v/live.m3u8?k=1&_HLS_msn=7&_HLS_skip=YES";

  expect(signature.fresh(reload)).toBe("/v/live.m3u8?k=2&_HLS_msn=7&_HLS_skip=YES");
  expect(signature.isOld(reload)).toBe(true);
  expect(signature.signs(signature.fresh(reload))).toBe(true);
});

test("the same signature once more is not old", () => {
  const signature = new StreamSignature("/v/a.m3u8?k=1");
  signature.renew("/v/a.m3u8?k=1");

  expect(signature.isOld("/v/1.m4s?k=1")).toBe(false);
});
