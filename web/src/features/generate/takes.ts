import type { Take } from "@/gen";
import { stateKey } from "./words";

export const isActiveTake = ({ state }: Pick<Take, "state">): boolean =>
  state === "queued" || state === "submitting" || state === "running";

/** The take that a clip without a video is judged by: an active one, else the newest. */
export const currentTake = (takes: readonly Take[]): Take | undefined => takes.find(isActiveTake) ?? takes[0];

/** The state of a clip without a video, as a key of the vocabulary of states. */
export const clipStateOf = (take: Take | undefined): string =>
  take === undefined ? "not_generated" : take.state === "succeeded" ? "not_chosen" : stateKey(take.state);
