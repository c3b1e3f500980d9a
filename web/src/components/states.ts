import type { FunctionComponent, SVGProps } from "react";
import {
  CheckCircleIcon,
  ClockIcon,
  DraftIcon,
  ErrorIcon,
  LiveIcon,
  QuestionIcon,
  RecordIcon,
  RunIcon,
  SparkIcon,
  StaleIcon,
  StopIcon,
} from "./icons";

export type Tone = "grey" | "blue" | "green" | "amber" | "red";
export type StateStyle = {
  word: string;
  tone: Tone;
  icon: FunctionComponent<SVGProps<SVGSVGElement> & { size?: number }>;
};

const style = (word: string, tone: Tone, icon: StateStyle["icon"]): StateStyle => ({ word, tone, icon });

const queued = style("Queued", "grey", ClockIcon);
const running = style("Running", "blue", RunIcon);
const ready = style("Ready", "green", CheckCircleIcon);
const errored = style("Errored", "red", ErrorIcon);

/** The word, color and icon of each state, the same on every page. */
export const STATES: Record<string, StateStyle> = {
  queued,
  running,
  preparing: style("Preparing", "blue", RunIcon),
  stitching: style("Stitching", "blue", RunIcon),
  generating: style("Generating", "blue", RunIcon),
  making: style("Processing", "blue", RunIcon),
  recording: style("Recording", "red", RecordIcon),
  finalising: style("Preparing video", "blue", RunIcon),
  ready,
  succeeded: style("Done", "green", CheckCircleIcon),
  stale: style("Stale", "amber", StaleIcon),
  errored,
  failed: errored,
  canceled: style("Canceled", "grey", StopIcon),
  enabled: style("Enabled", "green", CheckCircleIcon),
  disabled: style("Disabled", "grey", StopIcon),
  failing: style("Failing", "amber", StaleIcon),
  keyless: style("No key", "amber", StaleIcon),
  pending: style("Waiting", "grey", ClockIcon),
  retrying: style("Retrying", "amber", StaleIcon),
  delivered: style("Delivered", "green", CheckCircleIcon),
  active: style("Active", "blue", RunIcon),
  complete: style("Complete", "green", CheckCircleIcon),
  submitting: style("Submitting", "blue", RunIcon),
  refused: style("Refused", "red", StopIcon),
  outcome_unknown: style("Unknown", "amber", QuestionIcon),
  not_generated: style("Not generated", "grey", SparkIcon),
  not_chosen: style("Choose a take", "amber", StaleIcon),
  gone: style("Disconnected", "grey", StopIcon),
  stalled: style("Stalled", "amber", ClockIcon),
  shed: style("Ended", "amber", StopIcon),
  live: style("Live", "green", LiveIcon),
  offline: style("Offline", "grey", StopIcon),
  unknown: style("Not checked", "grey", DraftIcon),
  starting: style("Connecting", "blue", RunIcon),
  reconnecting: style("Reconnecting", "amber", StaleIcon),
  short: style("Still too little space", "amber", StaleIcon),
  unconfirmed: style("Needs confirmation", "amber", StaleIcon),
  draft: style("Draft", "grey", DraftIcon),
};
