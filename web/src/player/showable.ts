// By the server's names: of each codec the kind that a decoder knows if it knows any.
const TYPES: Record<string, string> = {
  h264: 'video/mp4; codecs="avc1.42E01E"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L93.B0"',
  av1: 'video/mp4; codecs="av01.0.04M.08"',
  vp9: 'video/webm; codecs="vp9"',
  vp8: 'video/webm; codecs="vp8"',
  mpeg4: 'video/mp4; codecs="mp4v.20.9"',
  prores: 'video/quicktime; codecs="apcn"',
};

/** Whether this browser has no decoder at all for a codec; a doubt is no. */
export function isUnknownHere(codec: string | null | undefined): boolean {
  const type = TYPES[codec?.toLowerCase() ?? ""];
  return type !== undefined && !shows(type);
}

/** Whether this browser may show a rendition. @param codecString As in RFC 6381. */
export const showsRendition = (codecString: string | null): boolean =>
  codecString !== null && shows(`video/mp4; codecs="${codecString}"`);

const shows = (type: string): boolean => document.createElement("video").canPlayType(type) !== "";
