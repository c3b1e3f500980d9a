import { RecordIcon, ReelIcon, SparkIcon, UploadIcon } from "@/components/icons";
import type { Video } from "@/gen";
import { bytes, duration, frameRate, resolution } from "@/lib/format";

export const ORIGINS: Record<Video["origin"], { word: string; icon: typeof UploadIcon }> = {
  upload: { word: "Uploaded", icon: UploadIcon },
  reel: { word: "Reel", icon: ReelIcon },
  generation: { word: "Generated", icon: SparkIcon },
  recording: { word: "Recorded", icon: RecordIcon },
};

/** "1:04 · 1080p · 24 MB", as far as known. */
export function factsLine(video: Video): string[] {
  const facts = [
    video.duration_s !== null ? duration(video.duration_s) : null,
    video.width ? resolution(video.width, video.height) : null,
    video.fps ? frameRate(video.fps) : null,
    video.size_bytes !== null ? bytes(video.size_bytes) : null,
  ];
  return facts.filter((fact): fact is string => fact !== null);
}

const SAYS_NO_MORE =
  /^(Couldn't read this (file|video)|This (file|video) (could not|couldn't|cannot|can't) be read): /i;

/** The reason of an errored video, without what its badge already says. */
export function reasonOf(video: Video): string {
  const reason = (video.error?.message ?? "It could not be read.").replace(SAYS_NO_MORE, "");
  return reason.slice(0, 1).toUpperCase() + reason.slice(1);
}
