import type { Take, TakeError, TotalCost } from "@/gen";
import { dollars } from "@/lib/money";

/** A price before it is paid; null where nobody knows it: "about $0.40", "free", "price unknown". */
export function priceWords(amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return "price unknown";
  return amount === 0 ? "free" : `about ${dollars(amount)}`;
}

/** A sum of prices, some of which may be unknown: "about $1.20", "about $1.20 and 2 of unknown price". */
export function totalWords(amount: number | null, unknown: number): string {
  if (unknown === 0) return priceWords(amount ?? 0);
  if (!amount) return unknown === 1 ? "price unknown" : `${unknown} of unknown price`;
  return `${priceWords(amount)} and ${unknown} of unknown price`;
}

/** What a take cost, or will: "$0.40", "about $0.40", "cost unknown"; refunds are taken off. Unknown is never zero. */
export function costWords({ state, cost }: Pick<Take, "state" | "cost">): string {
  const { actual, reserved, refunded } = cost;
  if (actual !== null) {
    const paid = Math.max(0, actual - (refunded ?? 0));
    if (paid > 0) return dollars(paid);
    return actual > 0 ? "refunded" : state === "succeeded" ? "free" : "not charged";
  }
  const expected = reserved ?? cost.estimated;
  if (expected === null) return "cost unknown";
  if (ACTIVE.has(state)) return priceWords(expected);
  return expected === 0 ? "free" : `cost unknown, ${dollars(expected)} reserved`;
}

const ACTIVE = new Set<Take["state"]>(["queued", "submitting", "running"]);

/** What the takes of a project or a campaign cost so far; what nobody knows is said, never counted as nothing. */
export function totalCostWords(cost: TotalCost | null): string {
  if (!cost) return "Nothing spent";
  const parts = [`${dollars(cost.actual - cost.refunded)} spent`];
  if (cost.reserved > 0) parts.push(`${dollars(cost.reserved)} reserved`);
  if (cost.unknown > 0) parts.push(`${cost.unknown} of unknown cost`);
  return parts.join(", ");
}

/** The key of a take's state in the vocabulary of states; an unknown outcome is not an unchecked one. */
export const stateKey = (state: Take["state"]): string =>
  state === "unknown" ? "outcome_unknown" : state === "succeeded" ? "ready" : state;

export type Advice = "again" | "change" | "decide" | "fetch" | "wait" | null;

/** Failures behind which there may be a result that was paid. */
const OF_RESULTS = new Set([
  "result_refused",
  "result_expired",
  "result_not_ready",
  "generation_deadline",
  "provider_lost_request",
]);

/** What to do about a take that has no video: generate again, fetch what was paid, change the prompt, decide, or wait. */
export function adviceOf({ state, error }: Pick<Take, "state" | "error">): Advice {
  if (state === "unknown") return "decide";
  if (state === "canceled") return "again";
  if (state !== "failed" && state !== "refused") return error?.side === "rate" ? "wait" : null;
  if (state === "failed" && OF_RESULTS.has(error?.code ?? "")) return "fetch";
  if (error?.side === "caller" || isOfInput(error)) return "change";
  return "again";
}

/** A refusal of the prompt or a file; the same request would be refused again. */
const isOfInput = (error: TakeError | null): boolean => error?.side === "refused" && /^change/i.test(error.hint ?? "");

const RELATIONS: Record<string, string> = {
  reroll: "again from",
  edit: "edited from",
  extend: "extended from",
  first_frame: "from the first frame of",
  last_frame: "from the last frame of",
};

/** Where a take came from: "extended from take 2"; null where it has no parent. */
export function parentWords(take: Take, takes: readonly Take[]): string | null {
  if (!take.parent_id) return null;
  const relation = RELATIONS[take.relation ?? ""] ?? "from";
  const at = takes.findIndex(({ id }) => id === take.parent_id);
  if (at >= 0) return `${relation} take ${takes.length - at}`;
  return `${relation} ${take.relation?.endsWith("_frame") ? "another clip" : "an earlier take"}`;
}

/** A provider's words, which may lack their full stop, and ours behind them. */
export function sentences(message: string, hint: string | null | undefined): string {
  if (!hint) return message;
  return `${message}${/[.!?…]$/.test(message) ? "" : "."} ${hint}`;
}
