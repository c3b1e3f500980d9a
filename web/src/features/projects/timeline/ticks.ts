import { clock } from "@/lib/format";
import { frameTimecode } from "../editor/times";

const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const APART_PX = 84;

/** The times of the ruler in a span of seconds, at least so far apart that their labels do not touch. */
export function ticks(from: number, to: number, scale: number): { step: number; times: number[] } {
  const step = STEPS_S.find((each) => each * scale >= APART_PX) ?? 7200;
  const first = Math.max(0, Math.floor(from / step));
  const count = Math.max(0, Math.ceil(to / step) - first + 1);
  return { step, times: Array.from({ length: count }, (_, n) => (first + n) * step) };
}

/** A time as whole seconds, with frames where the ruler shows parts of a second. */
export const tickLabel = (seconds: number, step: number, fps: number): string =>
  step < 1 ? frameTimecode(seconds, fps).slice(3) : clock(seconds + 1e-6);
