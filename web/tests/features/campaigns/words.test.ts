import { describe, expect, it } from "vitest";
import { canBeStitched, estimateWords, outcomeWords } from "@/features/campaigns/words";
import { totalCostWords } from "@/features/generate/words";

const cost = { currency: "USD", estimated: 0, reserved: 0, actual: 0, refunded: 0, unknown: 0 } as const;

describe("money of a campaign", () => {
  it("never shows what nobody knows as nothing", () => {
    expect(totalCostWords(null)).toBe("Nothing spent");
    expect(totalCostWords({ ...cost, actual: 1.5, refunded: 0.5, reserved: 2, unknown: 3 })).toBe(
      "$1.00 spent, $2.00 reserved, 3 of unknown cost",
    );
    expect(estimateWords({ amount: 0, unknown: 0 })).toBe("free");
    expect(estimateWords({ amount: null, unknown: 2 })).toBe("at a price that is not known");
    expect(estimateWords({ amount: 0, unknown: 2 })).toBe("at a price that is not known");
    expect(estimateWords({ amount: 1.2, unknown: 1 })).toBe("for about $1.20, and 1 clip at a price that is not known");
  });
});

describe("the outcome of a bulk action", () => {
  it("says how many were left out", () => {
    const outcome = { action: "stitch", job_id: "job_1", at: "2026-11-30T00:00:00Z", skipped: [] } as const;
    expect(outcomeWords({ ...outcome, skipped: [], done: 1, skipped_count: 0 })).toBe("Reels requested for 1 project.");
    expect(outcomeWords({ ...outcome, skipped: [], done: 3, skipped_count: 2 })).toBe(
      "Reels requested for 3 projects; 2 left out.",
    );
  });
});

describe("stitching a campaign", () => {
  it("waits while all projects generate or have their reel", () => {
    expect(canBeStitched({ statuses: { generating: 1, complete: 1, draft: 1 } })).toBe(false);
    expect(canBeStitched({ statuses: { generating: 1, ready: 1 } })).toBe(true);
    expect(canBeStitched({ statuses: { stale: 1 } })).toBe(true);
  });
});
