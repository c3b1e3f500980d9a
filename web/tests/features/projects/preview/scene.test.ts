import { expect, test } from "vitest";
import { clipFromServer } from "@/features/projects/editor/draft";
import { editOf } from "@/features/projects/editor/effects";
import { layout } from "@/features/projects/editor/times";
import { sceneAt } from "@/features/projects/preview/scene";
import { clip } from "../editor/samples";

const title = { text: "Anna", start_s: 1, end_s: 3, enter: "slide", exit: "none" } as const;
const cue = { start_s: 4, end_s: 6, text: "Good day", words: [{ start_s: 4.5, end_s: 5, text: "Good" }] };
const at = (seconds: number, clips: Parameters<typeof clip>[1][], mode: "off" | "soft" = "soft") =>
  sceneAt(
    { ...editOf({}), captions: { mode } },
    layout(clips.map((given, n) => clipFromServer(clip(`${n}`, given)))),
    seconds,
    (track) => (track === "cpt_1" ? [cue] : []),
  );

test("a title is shown in its half-open span of the reel, and comes in as it does in the reel", () => {
  const titled = [{ speed: 2, titles: [title] }];
  expect([0.99, 1.2, 2.99, 3].map((time) => at(time, titled).titles.length)).toEqual([0, 1, 1, 0]);
  expect(at(1.2, titled).titles[0]).toMatchObject({ opacity: expect.closeTo(0.5), shift: expect.closeTo(0.25) });
  expect(at(2.99, titled).titles[0]).toMatchObject({ opacity: 1, shift: 0 });
});

test("captions follow the video through trims and speed", () => {
  const captioned = [{ start_s: 2, speed: 2, captions: { track_id: "cpt_1" } }];
  expect([0.9, 1, 1.3, 2].map((time) => at(time, captioned).cues.map(({ word }) => word))).toEqual([
    [],
    [null],
    [0],
    [],
  ]);
  expect(at(1.3, captioned, "off").cues).toEqual([]);
});

test("fades and dips veil the picture; a dip takes half of its time on each side", () => {
  const dipped = [{ fade_in_s: 2 }, { transition_in: { kind: "dip" as const, duration_s: 2, colour: "#ff0000" } }];
  expect(at(1, dipped).veil).toEqual({ colour: "#000000", opacity: 0.5 });
  expect(at(5, dipped).veil).toBeNull();
  expect(at(9.5, dipped).veil).toEqual({ colour: "#ff0000", opacity: 0.5 });
  expect(at(10.5, dipped).veil).toEqual({ colour: "#ff0000", opacity: 0.5 });
});
