// By the server's names: the most widely supported profile of each codec.
const TYPES: Record<string, string> = {
  h264: 'video/mp4; codecs="avc1.42E01E"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L93.B0"',
  av1: 'video/mp4; codecs="av01.0.04M.08"',
  vp9: 'video/webm; codecs="vp9"',
  vp8: 'video/webm; codecs="vp8"',
  mpeg4: 'video/mp4; codecs="mp4v.20.9"',
  prores: 'video/quicktime; codecs="apcn"',
};

/** Whether this browser has no decoder for a codec; false if unknown. */
export function isUnknownHere(codec: string | null | undefined): boolean {
  const type = TYPES[codec?.toLowerCase() ?? ""];
  return type !== undefined && !shows(type);
}

/** Whether this browser can probably play a rendition. @param codecString As in RFC 6381. */
export const showsRendition = (codecString: string | null): boolean =>
  codecString !== null && shows(`video/mp4; codecs="${codecString}"`);

const shows = (type: string): boolean => document.createElement("video").canPlayType(type) !== "";
