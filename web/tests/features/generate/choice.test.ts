import { expect, test } from "vitest";
import { type Choice, isDue, noteOf, progressOf } from "@/features/generate/choice";
import type { Take } from "@/gen";

const take = (state: Take["state"], progress: number | null = null) => ({ state, progress }) as Take;
const choice = (given: Partial<Choice> = {}): Choice =>
  ({ key: "a", title: "A", number: 1, hasVideo: false, active: null, last: null, ...given }) as Choice;

test.each([
  ["without a take", {}, true, undefined],
  ["with a video", { hasVideo: true, last: take("succeeded") }, false, "Has a video; makes another take"],
  ["that failed", { last: take("failed") }, true, undefined],
  ["that was refused", { last: take("refused") }, true, "The provider refused its last take"],
  ["under way", { active: take("running"), last: take("running") }, false, "Generating now"],
  [
    "whose outcome is unknown",
    { last: take("unknown") },
    false,
    "Its last take may have been submitted: decide on that one first",
  ],
])("a clip %s is due or not, and says so", (_, given, due, note) => {
  expect([isDue(choice(given)), noteOf(choice(given))]).toEqual([due, note]);
});

test("the progress of a project counts clips with a video, and parts of those under way", () => {
  const choices = [choice({ active: take("running", 0.5) }), choice(), choice({ hasVideo: true })];

  expect(progressOf(choices, 4)).toEqual({ ready: 2, share: 0.625 });
});

test("another take of a clip that has a video is not complete at its beginning", () => {
  const choices = [choice({ hasVideo: true, active: take("running", 0.2) }), choice({ hasVideo: true })];

  expect(progressOf(choices, 2)).toEqual({ ready: 2, share: 0.2 });
});
