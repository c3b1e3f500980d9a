import type { CaptionTrack, SpeechEngine } from "@/gen";

const ORIGINS: Record<CaptionTrack["origin"], string> = {
  upload: "Added",
  transcription: "Transcribed",
  embedded: "From the file",
  reel: "From the project",
};

export const KINDS = [
  { value: "captions", label: "Captions: speech, and what else is heard" },
  { value: "subtitles", label: "Subtitles: speech, translated" },
];

/** `English`, for a tag that the browser knows. */
export function languageName(tag: string): string {
  if (tag === "und") return "Language unknown";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** The line under a track's label. */
export function trackFacts(track: CaptionTrack): string {
  const count = track.cue_count === 1 ? "1 caption" : `${track.cue_count.toLocaleString("en")} captions`;
  const cost = track.cpu_s === null ? "" : `, took ${processorTime(track.cpu_s)}`;
  const origin = track.engine ? `${ORIGINS[track.origin]} by ${track.engine}${cost}` : ORIGINS[track.origin];
  return [languageName(track.language), count, origin].join(" · ");
}

/** `About 12 min of processor time`. */
export const costWords = (engine: SpeechEngine): string =>
  `About ${processorTime(engine.estimate_cpu_s)}${engine.measured ? ", as measured here before" : ""}.`;

export function processorTime(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s of processor time`;
  return `${Math.round(seconds / 60)} min of processor time`;
}
