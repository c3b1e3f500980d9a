import { describe, expect, it } from "vitest";
import { countedWords, paidWords, unknownWords } from "@/features/spending/words";
import type { SpendingCap, SpendingSum } from "@/gen";
import { dollars } from "@/lib/money";

const sum = (facts: Partial<SpendingSum>): SpendingSum => ({
  key: null,
  title: null,
  generations: 1,
  estimated: 0,
  reserved: 0,
  actual: 0,
  refunded: 0,
  unknown: 0,
  ...facts,
});

describe("amounts", () => {
  it("have cents, and more digits only where they count", () => {
    expect([0, 0.4, 1234.5, 0.0721, -2].map(dollars)).toEqual(["$0.00", "$0.40", "$1,234.50", "$0.0721", "-$2.00"]);
  });

  it("are unknown, not zero, where nobody knows any of them", () => {
    expect(paidWords(sum({ unknown: 1 }))).toBe("Unknown");
    expect(paidWords(sum({ generations: 2, actual: 3, refunded: 1, unknown: 1 }))).toBe("$2.00");
    expect([0, 2].map(unknownWords)).toEqual(["", "2 unknown"]);
  });

  it("that count against a limit are named by what is known of them", () => {
    const cap: SpendingCap = { name: "day", limit: 20, spent: 3, reserved: 2, unknown: 2, counted: 15 };
    expect(countedWords(cap, 5)).toBe("$3.00 charged, $2.00 reserved, 2 generations of unknown cost as $5.00 each");
    expect(countedWords({ ...cap, unknown: 0 }, 5)).toBe("$3.00 charged, $2.00 reserved");
  });
});
