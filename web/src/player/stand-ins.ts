import type { Rendition } from "@/gen";
import { fileOf, type Media, type Signer, streamOf } from "./media";
import { showsRendition } from "./showable";

/** What can play instead of a video's original; the rendition is null where it is not known which one plays. */
export type StandIn = { media: Media; rendition: Rendition | null };

/** Candidates from a list of renditions: the original, the ladder as a stream, then a file with audio or for download. */
export function listedStandIns(videoId: string, renditions: readonly Rendition[]): StandIn[] {
  const ready = renditions.filter(({ state, codec_string }) => state === "ready" && showsRendition(codec_string));
  const streamed = ready.find(({ kind }) => kind === "rendition");
  const whole = ready.find(({ kind, has_audio }) => kind === "download" || has_audio);
  return [
    { media: fileOf(videoId), rendition: null },
    ...(streamed ? [{ media: streamOf(videoId), rendition: streamed }] : []),
    ...(whole ? [{ media: fileOf(videoId, undefined, whole.name), rendition: whole }] : []),
  ];
}

/** Candidates for a viewer of a share link, who may not list renditions. */
export const sharedStandIns = (videoId: string, signer: Signer, ladder: boolean): StandIn[] => [
  { media: fileOf(videoId, signer), rendition: null },
  ...(ladder ? [{ media: streamOf(videoId, signer), rendition: null }] : []),
];

/** Whether an H.264 rendition is on its way. */
export const isMaking = (renditions: readonly Rendition[]): boolean =>
  renditions.some(({ state, codec }) => state === "making" && codec === "h264");
