import { expect, test } from "vitest";
import { adviceOf, costWords, parentWords, priceWords, totalWords } from "@/features/generate/words";
import type { Cost, Take } from "@/gen";

const cost = (given: Partial<Cost> = {}): Cost => ({
  estimated: null,
  reserved: null,
  actual: null,
  refunded: null,
  ...given,
});
const take = (given: Partial<Take> = {}): Take => ({ id: "a", state: "succeeded", cost: cost(), ...given }) as Take;
const failed = (side: string, hint: string | null = null, state: Take["state"] = "failed") =>
  take({ state, error: { code: "x", message: "No", hint, side } as Take["error"] });

test.each([
  [0.4, "about $0.40"],
  [12, "about $12.00"],
  [0.0042, "about $0.0042"],
  [0, "free"],
  [null, "price unknown"],
  [undefined, "price unknown"],
])("a price of %s is said as %s", (amount, words) => {
  expect(priceWords(amount)).toBe(words);
});

test.each([
  [1.2, 0, "about $1.20"],
  [0, 0, "free"],
  [1.2, 2, "about $1.20 and 2 of unknown price"],
  [0, 1, "price unknown"],
  [null, 3, "3 of unknown price"],
])("a total of %s with %s unknown is never less than it may be", (amount, unknown, words) => {
  expect(totalWords(amount, unknown)).toBe(words);
});

test.each([
  ["succeeded", { estimated: 0.4, actual: 0.35 }, "$0.35"],
  ["succeeded", { actual: 0 }, "free"],
  ["failed", { actual: 0.4, refunded: 0.4 }, "refunded"],
  ["running", { estimated: 0.4, reserved: 0.4 }, "about $0.40"],
  ["running", {}, "cost unknown"],
  ["failed", { actual: 0 }, "not charged"],
  ["refused", { estimated: 0.4, reserved: 0.4 }, "cost unknown, $0.40 reserved"],
  ["failed", {}, "cost unknown"],
  ["unknown", {}, "cost unknown"],
] as const)("what a %s take of %o cost", (state, given, words) => {
  expect(costWords(take({ state, cost: cost(given) }))).toBe(words);
});

test.each([
  [take({ state: "unknown" }), "decide"],
  [take({ state: "canceled" }), "again"],
  [failed("provider"), "again"],
  [failed("us"), "again"],
  [
    take({ state: "failed", error: { code: "result_refused", message: "A foreign host.", hint: null, side: "us" } }),
    "fetch",
  ],
  [failed("caller"), "change"],
  [failed("refused", "Generate it again: another try may pass.", "refused"), "again"],
  [failed("refused", "Change the prompt or the input file.", "refused"), "change"],
  [failed("rate", null, "running"), "wait"],
  [take(), null],
] as const)("what to do about a take follows from its error: %#", (given, advice) => {
  expect(adviceOf(given)).toBe(advice);
});

test("a take names the one that it was made from", () => {
  const first = take({ id: "1" });
  const second = take({ id: "2", parent_id: "1", relation: "extend" });
  const stray = take({ id: "3", parent_id: "gone", relation: "reroll" });
  const all = [stray, second, first];

  expect(all.map((each) => parentWords(each, all))).toEqual([
    "again from an earlier take",
    "extended from take 1",
    null,
  ]);
});

test("a take that begins with a frame of another clip says so", () => {
  const follows = { id: "gen_2", parent_id: "gen_1", relation: "last_frame" } as Take;

  expect(parentWords(follows, [follows])).toBe("from the last frame of another clip");
});
