import type { AudioTrack } from "@/gen";
import { channels, codec, language } from "@/lib/format";

export const PURPOSES: Record<string, string> = {
  commentary: "commentary",
  hearing_impaired: "for the hard of hearing",
  audio_description: "audio description",
};

/** "2: Game, English, stereo, AAC, silent", as far as known. */
export function trackName(track: AudioTrack, number: number): string {
  const words = [
    track.title,
    language(track.language),
    PURPOSES[track.purpose],
    channels(track.channels),
    codec(track.codec),
    track.silent ? "silent" : "",
  ];
  return `${number}: ${words.filter(Boolean).join(", ")}`;
}
