import type { AudioTrack, Video } from "@/gen";
import { channels, codec, language } from "@/lib/format";

/** The audio track to be heard where it is not the file's first, which is what browsers play of a file. */
export function streamedTrack({ audio_tracks, audio_track }: Video): number | null {
  return audio_track !== null && audio_track !== audio_tracks[0]?.track ? audio_track : null;
}

const PURPOSES: Record<string, string> = {
  commentary: "commentary",
  hearing_impaired: "for the hard of hearing",
  audio_description: "audio description",
};

/** "2: Game, English, stereo, AAC, silent", as much of it as is known. */
export function trackName(track: AudioTrack, number: number): string {
  const words = [track.title, language(track.language), PURPOSES[track.purpose], channels(track.channels), codec(track.codec), track.silent ? "silent" : ""];
  return `${number}: ${words.filter(Boolean).join(", ")}`;
}
