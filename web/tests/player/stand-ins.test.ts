import { expect, test, vi } from "vitest";
import type { Rendition } from "@/gen";
import { isMaking, listedStandIns, sharedStandIns } from "@/player/stand-ins";

vi.mock("@/player/showable", () => ({ showsRendition: (codec: string) => codec.startsWith("avc1") }));

const rendition = (name: string, given: Partial<Rendition>): Rendition =>
  ({ name, kind: "rendition", state: "ready", codec: "h264", codec_string: "avc1", ...given }) as Rendition;

const keys = (renditions: Rendition[]) => listedStandIns("vid", renditions).map(({ media }) => media.key);

test("the original comes first, then the stream, then a file that is whole", () => {
  expect(keys([rendition("360p", {}), rendition("file", { kind: "download" })])).toEqual([
    "file vid",
    "stream vid",
    "file vid file",
  ]);
});

test("what is not ready, or cannot be decoded here, is no candidate", () => {
  expect(keys([rendition("360p", { state: "making" }), rendition("180p", { codec_string: "hvc1" })])).toEqual([
    "file vid",
  ]);
});

test("a viewer of a share link gets the stream without a list", () => {
  const signer = () => Promise.reject(new Error("not signed here"));
  const candidates = (ladder: boolean) => sharedStandIns("vid", signer, ladder).map(({ media }) => media.key);

  expect([candidates(true), candidates(false)]).toEqual([["file vid", "stream vid"], ["file vid"]]);
});

test("only an H.264 rendition is worth the wait", () => {
  expect(isMaking([rendition("360p", { state: "making" })])).toBe(true);
  expect(isMaking([rendition("360p", { state: "making", codec: "av1" }), rendition("180p", {})])).toBe(false);
});
