import type { SpendingCap, SpendingEntry, SpendingSum } from "@/gen";
import { count } from "@/lib/format";
import { dollars } from "@/lib/money";

/** What was paid in the end, refunds taken off. */
const paid = (sum: SpendingSum): number => sum.actual - sum.refunded;

/** The same in words; where nobody knows any of it, that. */
export const paidWords = (sum: SpendingSum): string =>
  sum.generations > 0 && sum.unknown === sum.generations ? "Unknown" : dollars(paid(sum));

/** What a sum does not hold: `2 unknown`; empty where it holds all. */
export const unknownWords = (unknown: number): string => (unknown ? `${unknown.toLocaleString("en")} unknown` : "");

const CAPS: Record<SpendingCap["name"], string> = {
  day: "Today, everybody",
  user: "You, this month",
  project: "Each project",
  generation: "Each generation",
};
export const capWord = (cap: SpendingCap): string => CAPS[cap.name];

/** Whether something counts against a limit here; others are limits of each project or generation. */
export const isCounted = (cap: SpendingCap): boolean => cap.name === "day" || cap.name === "user";

/** What counts against a limit: `$3.00 charged, $2.00 reserved, 1 of unknown cost as $5.00`. */
export function countedWords(cap: SpendingCap, unknownAs: number): string {
  const parts = [`${dollars(cap.spent)} charged`, `${dollars(cap.reserved)} reserved`];
  if (cap.unknown)
    parts.push(
      `${count(cap.unknown, "generation")} of unknown cost as ${dollars(unknownAs)}${cap.unknown > 1 ? " each" : ""}`,
    );
  return parts.join(", ");
}

const KINDS: Record<SpendingEntry["kind"], string> = {
  estimated: "Estimated",
  reserved: "Reserved",
  released: "Released",
  actual: "Charged",
  refunded: "Refunded",
};
export const kindWord = (entry: SpendingEntry): string => KINDS[entry.kind];
