import { describe, expect, test } from "vitest";
import { draftOf } from "@/features/projects/editor/draft";
import { blockedBy } from "@/features/projects/editor/stitchable";
import type { Take } from "@/gen";
import { clip, project, prompted } from "./samples";

const running = [{ state: "running" }] as Take[];

describe("why a project cannot be stitched", () => {
  const loaded = project(1, [clip("a"), prompted("b"), prompted("c")]);
  const why = (...generating: string[]) =>
    blockedBy(
      draftOf(loaded, ({ id }) => id),
      loaded,
      false,
      ({ key }) => (generating.includes(key) ? running : []),
    );

  test("clips without a video have to be generated", () => {
    expect(why()).toBe("2 of 3 clips have no video yet. Generate them first.");
  });

  test("nobody is asked to generate what is generating", () => {
    expect(why("b")).toBe("1 of 3 clips has no video yet. Generate it first.");
    expect(why("b", "c")).toBe("2 clips are generating.");
  });
});
