import { expect, test } from "vitest";
import { type Choice, progressOf } from "@/features/generate/choice";
import type { Take } from "@/gen";

const choice = (hasVideo: boolean, progress: number | null = null): Choice => ({
  key: "clip",
  title: "Clip",
  number: 1,
  hasVideo,
  active: progress === null ? null : ({ progress } as Take),
});

test("the progress counts clips that have a video, and what is done of the others", () => {
  expect(progressOf([choice(true), choice(false, 0.5)], 2)).toEqual({ ready: 1, share: 0.75 });
});

test("another take of a clip that has a video is not complete at its beginning", () => {
  expect(progressOf([choice(true, 0.2), choice(true)], 2)).toEqual({ ready: 2, share: 0.2 });
});
