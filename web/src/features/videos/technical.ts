import type { TechnicalAudioTrack, VideoTrack } from "@/gen";
import { channels, codec, language, span } from "@/lib/format";
import { PURPOSES } from "./audio";

/** `6.1 Mbit/s`, `128 kbit/s` */
export const bitrate = (rate: number | null): string | null =>
  rate ? (rate >= 1e6 ? `${(rate / 1e6).toFixed(1)} Mbit/s` : `${Math.round(rate / 1e3)} kbit/s`) : null;

const some = (words: (string | number | null | undefined | false)[]): string => words.filter(Boolean).join(", ");

/** "H.264 High, level 4.1" */
export const videoCodec = ({ codec: name, profile, level }: VideoTrack): string =>
  some([[codec(name), profile].filter(Boolean).join(" "), level && `level ${level}`]);

/** "29.97 fps (30000/1001), constant" */
export function rateWords({ fps, frame_rate, frame_rate_mode, frames }: VideoTrack): string {
  const exact = frame_rate.includes("/") ? ` (${frame_rate})` : "";
  return some([
    `${Number(fps.toFixed(3))} fps${exact}`,
    frame_rate_mode,
    frames && `${frames.toLocaleString("en")} frames`,
  ]);
}

/** "10-bit, 4:2:0 (yuv420p10le)" */
export const pixels = ({ bit_depth, chroma, pixel_format, alpha }: VideoTrack): string =>
  `${some([bit_depth && `${bit_depth}-bit`, chroma, alpha && "with transparency"])} (${pixel_format})`;

/** "HDR (PQ), bt2020 / smpte2084 / bt2020nc, limited range" */
export function colorWords({ colour, hdr }: VideoTrack): string {
  const named = colour && [colour.primaries, colour.transfer, colour.matrix];
  const points = named?.some(Boolean) ? named.map((name) => name ?? "unspecified").join(" / ") : "color unspecified";
  return some([hdr ? `HDR (${hdr})` : "Standard dynamic range", points, colour?.range && `${colour.range} range`]);
}

/** "10, every 2 s, at most 2 s apart" */
export function keyframeWords({
  keyframes,
  keyframe_interval_s: every,
  keyframe_interval_max_s: most,
}: VideoTrack): string {
  if (!keyframes || every === null) return "–";
  const seconds = (s: number) => (s < 60 ? `${Number(s.toFixed(2))} s` : span(s));
  if (keyframes === 1) return "1, only at the start: seeking is slow";
  return some([keyframes.toLocaleString("en"), `every ${seconds(every)}`, most && `at most ${seconds(most)} apart`]);
}

/** "1080×1920, rotated 90°" */
export const frameSize = ({ width, height, rotation, mirrored, interlaced }: VideoTrack): string =>
  some([
    `${width}×${height}`,
    rotation !== 0 && `rotated ${rotation}°`,
    mirrored && "mirrored",
    interlaced && "interlaced",
  ]);

/** "AAC LC, stereo, 48,000 Hz, 128 kbit/s" */
export const audioWords = (track: TechnicalAudioTrack): string =>
  some([
    [codec(track.codec), track.profile].filter(Boolean).join(" "),
    channels(track.channels),
    `${track.sample_rate.toLocaleString("en")} Hz`,
    bitrate(track.bitrate),
    track.silent && "silent",
  ]);

/** "English, Commentary, default": what the file calls a track. */
export const labels = (track: TechnicalAudioTrack): string =>
  some([language(track.language), track.title, PURPOSES[track.purpose], track.default && "marked as default"]);
