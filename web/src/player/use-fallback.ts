import { useQuery } from "@tanstack/react-query";
import type { Rendition } from "@/gen";
import { renditionsQuery } from "./list-renditions";
import { fileOf, type Media, type Mint, streamOf } from "./media";
import { showsRendition } from "./showable";

type Given = {
  videoId: string;
  /** What should be played. */
  wanted: Media;
  /** Keys of what this browser was found not to show. */
  unshown: ReadonlySet<string>;
  /** *wanted* is another thing than the video, so nothing of the video can take its place. */
  apart: boolean;
  mint?: Mint;
  ladder: boolean;
};

export type Fallback = {
  /** What is played: *wanted*, or what stands in for it. */
  played: Media;
  /** Of a rendition in place of *wanted*: which. Null also where that is not known. */
  rendition: Rendition | null;
  /** It is not known yet whether there is something else to play. */
  looking: boolean;
  /** A rendition that this browser may show is being made. */
  making: boolean;
};

type Candidate = { media: Media; rendition: Rendition | null };

/** Find what can be played in place of something that this browser cannot show. Asks for renditions only then. */
export function useFallback({ videoId, wanted, unshown, apart, mint, ladder }: Given): Fallback {
  const needed = unshown.has(wanted.key) && !apart;
  const asks = needed && !mint; // by a share link nobody may list renditions
  const { data, isPending } = useQuery({ ...renditionsQuery(videoId), enabled: asks });
  const items = (asks && data?.items) || [];
  const others = mint ? blindly(videoId, mint, ladder) : among(videoId, items);
  const instead = needed
    ? [{ media: fileOf(videoId, mint), rendition: null }, ...others].find(({ media }) => !unshown.has(media.key))
    : undefined;
  return {
    played: instead?.media ?? wanted,
    rendition: instead?.rendition ?? null,
    looking: asks && isPending,
    making: items.some(({ state, codec }) => state === "making" && codec === "h264"),
  };
}

/** The ladder as a stream, then one of its files that has sound or was made to be whole. */
function among(videoId: string, items: readonly Rendition[]): Candidate[] {
  const ready = items.filter(({ state, codec_string }) => state === "ready" && showsRendition(codec_string));
  const rung = ready.find(({ kind }) => kind === "rendition");
  const whole = ready.find(({ kind, has_audio }) => kind === "download" || has_audio);
  return [
    ...(rung ? [{ media: streamOf(videoId), rendition: rung }] : []),
    ...(whole ? [{ media: fileOf(videoId, undefined, whole.name), rendition: whole }] : []),
  ];
}

const blindly = (videoId: string, mint: Mint, ladder: boolean): Candidate[] =>
  ladder ? [{ media: streamOf(videoId, mint), rendition: null }] : [];
