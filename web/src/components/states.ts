import type { FunctionComponent, SVGProps } from "react";
import { CheckCircleIcon, ClockIcon, DraftIcon, ErrorIcon, RunIcon, StaleIcon, StopIcon } from "./icons";

export type Tone = "grey" | "blue" | "green" | "amber" | "red";
export type StateLook = {
  word: string;
  tone: Tone;
  icon: FunctionComponent<SVGProps<SVGSVGElement> & { size?: number }>;
};

const look = (word: string, tone: Tone, icon: StateLook["icon"]): StateLook => ({ word, tone, icon });

const queued = look("Queued", "grey", ClockIcon);
const running = look("Running", "blue", RunIcon);
const ready = look("Ready", "green", CheckCircleIcon);
const errored = look("Errored", "red", ErrorIcon);

/** Every state that a thing can have: one word, one colour, one icon, wherever it is shown. */
export const STATES: Record<string, StateLook> = {
  queued,
  running,
  preparing: look("Preparing", "blue", RunIcon),
  stitching: look("Stitching", "blue", RunIcon),
  making: look("Being made", "blue", RunIcon),
  ready,
  current: ready,
  succeeded: look("Done", "green", CheckCircleIcon),
  stale: look("Stale", "amber", StaleIcon),
  errored,
  failed: errored,
  canceled: look("Canceled", "grey", StopIcon),
  active: look("Active", "blue", RunIcon),
  complete: look("Complete", "green", CheckCircleIcon),
  gone: look("Gone", "grey", StopIcon),
  stalled: look("Stalled", "amber", ClockIcon),
  shed: look("Shed", "amber", StopIcon),
  empty: look("Empty", "grey", DraftIcon),
  draft: look("Draft", "grey", DraftIcon),
};
