import type { Gap, Recording } from "@/gen";
import { bytes, clock, span } from "@/lib/format";

const CAUSES: Record<Exclude<Gap["cause"], "ad">, string> = {
  source: "the source sent nothing",
  capture: "the connection to the source broke off",
  disk: "the disk was full",
  host: "the server was down",
};

/** "12 s missing: the source sent nothing" */
export const gapWords = ({ length_s, cause }: Gap): string =>
  cause === "ad" ? `Advertisement, ${lost(length_s)}` : `${lost(length_s)} missing: ${CAUSES[cause]}`;

/** A length, with tenths below ten seconds. */
const lost = (seconds: number): string => (seconds < 10 ? `${seconds.toFixed(1)} s` : span(seconds));

/** "2 gaps, 14 s missing"; null without one. */
export function gapsLine(gaps: readonly Gap[]): string | null {
  if (!gaps.length) return null;
  const total = gaps.reduce((sum, { length_s }) => sum + length_s, 0);
  return `${gaps.length === 1 ? "1 gap" : `${gaps.length} gaps`}, ${lost(total)} missing`;
}

export const gapMark = (gap: Gap) => ({ at: gap.start_s, label: `${clock(gap.start_s)}: ${gapWords(gap)}` });

export const rateWords = (bytesPerSecond: number): string => `${bytes(Math.round(bytesPerSecond))}/s`;

/** What a recording does now, in a sentence. */
export function healthWords({ health, bytes_per_s, stop_requested_at }: Recording): string {
  if (stop_requested_at) return "Stopping. The video follows.";
  if (health === "receiving") return `Receiving ${rateWords(bytes_per_s)}.`;
  if (health === "stalled") return "The source sends nothing. Playhead reconnects if this goes on.";
  if (health === "reconnecting") return "The connection broke off. Playhead is reconnecting.";
  return "Connecting to the source.";
}
