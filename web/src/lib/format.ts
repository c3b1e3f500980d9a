/** Formatting of the API's units: seconds, bytes, RFC 3339 times. */

/** A duration, to the nearest second: `0:07`, `4:05`, `1:04:05` */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  return colons(seconds > 0 && seconds < 1 ? 1 : Math.round(seconds));
}

/** A time in a video, rounded down to the second. */
export const clock = (seconds: number): string => colons(Math.max(0, Math.floor(seconds)));

function colons(whole: number): string {
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `00:06.04`, with hours only when there are some. */
export function timecode(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m] = [Math.floor(hundredths / 360000), Math.floor(hundredths / 6000) % 60];
  return `${h > 0 ? `${h}:` : ""}${two(m)}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
}

/** Parse `6`, `6.5`, `1:06.04` or `1:00:06,5` as seconds; null for anything else. */
export function parseTimecode(text: string): number | null {
  const parts = text.trim().replace(",", ".").split(":");
  if (
    parts.length === 0 ||
    parts.length > 3 ||
    !parts.every((part) => /^\d*\.?\d*$/.test(part) && part !== "" && part !== ".")
  )
    return null;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

export function bytes(size: number | null | undefined): string {
  if (size === null || size === undefined) return "–";
  if (size < 1000) return `${size} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let [value, at] = [size / 1000, 0];
  while (value >= 999.5 && at < units.length - 1) [value, at] = [value / 1000, at + 1];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}

export const percent = (fraction: number): string => `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)} %`;

/** `about 4 s`, `3 min`, `1 h 5 min` */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  if (seconds < 1) return "under 1 s";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `7 days`, `1 day`, `12 h` */
export function days(seconds: number): string {
  const whole = Math.round(seconds / 86_400);
  return seconds < 86_400 ? span(seconds) : count(whole, "day");
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** `2 min. ago`, `just now`, `in 4 hr.` */
export function ago(time: string, now = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size * 0.95) ?? ["minute", 60];
  return relative.format(Math.round(seconds / size), unit).replace(/\./g, "");
}

export const exactTime = (time: string): string =>
  new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });

export const shortTime = (time: string): string =>
  new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** `1080p`, `4K`, `1080×1920` for upright ones, the plain size for odd ones. */
export function resolution(width: number | null | undefined, height: number | null | undefined): string {
  if (!width || !height) return "–";
  if (width >= 3840 && height >= 2000) return "4K";
  const common = [2160, 1440, 1080, 720, 480, 360];
  return width >= height && common.includes(height) ? `${height}p` : `${width}×${height}`;
}

/** The name of a quality: its short side, and its codec unless that is H.264. */
export function qualityName(width: number, height: number, codecName: string | null | undefined): string {
  const word = codecName ? codec(codecName) : "H.264";
  return `${Math.min(width, height)}p${word === "H.264" ? "" : ` ${word}`}`;
}

export function frameRate(fps: number | null | undefined): string {
  return fps ? `${Number(fps.toFixed(2))} fps` : "–";
}

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const CODECS: Record<string, string> = {
  h264: "H.264",
  avc1: "H.264",
  avc3: "H.264",
  hevc: "HEVC",
  h265: "HEVC",
  hvc1: "HEVC",
  hev1: "HEVC",
  av1: "AV1",
  av01: "AV1",
  vp9: "VP9",
  vp09: "VP9",
  vp8: "VP8",
  mpeg4: "MPEG-4",
  prores: "ProRes",
  aac: "AAC",
  mp4a: "AAC",
  opus: "Opus",
  mp3: "MP3",
  vorbis: "Vorbis",
  flac: "FLAC",
  ac3: "AC-3",
};

/** The display name of a codec, by the server's name or its RFC 6381 string. */
export const codec = (name: string | null | undefined): string =>
  name ? (CODECS[name.toLowerCase().split(".")[0]!] ?? name) : "none";

const CHANNELS: Record<number, string> = { 1: "mono", 2: "stereo", 6: "5.1", 8: "7.1" };

export const channels = (n: number): string => CHANNELS[n] ?? count(n, "channel");

const NO_LANGUAGE = ["", "und", "mul", "mis", "zxx"];

/** "German" for `deu`; empty where the code names no language. */
export function language(code: string): string {
  if (NO_LANGUAGE.includes(code)) return "";
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code) ?? code;
  } catch {
    return code; // files may hold anything
  }
}
