import { expect, test } from "vitest";
import { changes, summary } from "@/features/projects/editor/changes";
import { draftOf } from "@/features/projects/editor/draft";
import type { Clip, Project } from "@/gen";
import { clip, project, prompted, video } from "./samples";

const draft = (clips: Clip[], given: Partial<Project> = {}) => draftOf(project(1, clips, given), ({ id }) => id);
const named = (id: string, given: Partial<Clip> = {}) => clip(id, { video_id: id, video: video(id), ...given });

test.each([
  ["nothing", draft([named("a")]), []],
  ["the title", draft([named("a")], { title: "New" }), ["Title changed to “New”"]],
  ["a clip", draft([named("a"), named("b")]), ["Added “Video b”"]],
  ["no clip", draft([]), ["Removed “Video a”"]],
  ["a span", draft([named("a", { start_s: 1.5, end_s: 9 })]), ["“Video a” begins at 1.5 s", "“Video a” ends at 9 s"]],
  ["another video", draft([clip("a", { video_id: "c", video: video("c") })]), ["“Video a” replaced with “Video c”"]],
])("what differs is a sentence each: %s", (_, to, sentences) => {
  expect(changes(draft([named("a")]), to)).toEqual(sentences);
});

test.each([
  ["another prompt", prompted("a", "A dog"), ["Prompt of “A dog” changed"]],
  ["its first take", named("a", { prompt: { text: "A cat" } }), ["“A cat” generated"]],
])("a clip that waits for a take gets %s", (_, to, sentences) => {
  expect(changes(draft([prompted("a", "A cat")]), draft([to]))).toEqual(sentences);
});

test("a moved clip is a change of the order", () => {
  const [a, b] = [named("a"), named("b")];

  expect(changes(draft([a, b]), draft([b, a]))).toEqual(["Clip order changed"]);
});

test("the other version's end stands beside a trim", () => {
  const other = { draft: draft([named("a", { end_s: 75.5 })]), name: "yours" };

  expect(changes(draft([named("a")]), draft([named("a", { end_s: 6.5 })]), other)).toEqual([
    "“Video a” ends at 6.5 s, yours at 01:15.50",
  ]);
});

test("more than eight changes are counted", () => {
  const many = Array.from({ length: 12 }, (_, n) => named(`v${n}`));
  const sentences = changes(draft([]), draft(many));

  expect([sentences.length, sentences.at(-1)]).toEqual([8, "5 more changes"]);
});

test("a version in a few words", () => {
  expect(summary(draft([named("a"), named("b", { start_s: 6.4 })]))).toBe("“Project”, 2 clips, 0:14");
});
