import { expect, test } from "vitest";
import { namesOf } from "@/player/CaptionsMenu";
import { preferred, type ShownTrack } from "@/player/use-captions";

const track = (id: string, language: string, isDefault = false): ShownTrack => ({
  id,
  language,
  label: language,
  kind: "captions",
  default: isDefault,
  url: `/v/${id}.vtt`,
});
const tracks = [track("a", "en", true), track("b", "de"), track("c", "en")];

test("the default is shown until somebody chooses", () => {
  expect(preferred(tracks, null)).toBe("a");
  expect(preferred([track("b", "de")], null)).toBeNull();
});

test("a choice is remembered by its language, and so is none", () => {
  expect(preferred(tracks, "de")).toBe("b");
  expect(preferred(tracks, "fr")).toBe("a");
  expect(preferred(tracks, "off")).toBeNull();
});

test("tracks of one name are numbered", () => {
  expect(namesOf(tracks)).toEqual(["en 1", "de", "en 2"]);
});
