import { queryOptions, useQuery } from "@tanstack/react-query";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { createPlayback } from "./create-playback";
import type { Signer } from "./media";

/** A caption track of a video, as its list for players has it. */
export type ShownTrack = {
  id: string;
  language: string;
  label: string;
  kind: "captions" | "subtitles";
  default: boolean;
  /** WebVTT, signed; another URL once the track was edited. */
  url: string;
};

const REMEMBERED = "playhead.captions";
const OFF = "off";

const shownCaptionsQuery = (videoId: string, signer?: Signer) =>
  queryOptions({
    queryKey: ["video", videoId, "captions", "shown"],
    queryFn: async ({ signal }) => {
      const sign = signer ?? ((request) => createPlayback(videoId, request));
      const { path } = await sign({ kind: "captions" });
      const answer = await fetch(path, { signal });
      return answer.ok ? ((await answer.json()) as { items: ShownTrack[] }).items : [];
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

type Options = { videoId: string; signer?: Signer; enabled: boolean };

/** The caption tracks of a video and the one that is shown, by id; the choice is remembered by its language. */
export function useCaptions(video: RefObject<HTMLVideoElement | null>, { videoId, signer, enabled }: Options) {
  const { data: tracks = NONE } = useQuery({ ...shownCaptionsQuery(videoId, signer), enabled });
  const [picked, setPicked] = useState<string | null | undefined>(undefined); // undefined: nobody has chosen here
  const shown = picked === undefined || !isThere(picked, tracks) ? preferred(tracks) : picked;
  const last = useRef<string | null>(null);
  if (shown !== null) last.current = shown;

  const choose = useCallback(
    (id: string | null) => {
      setPicked(id);
      remember(tracks.find((track) => track.id === id)?.language ?? OFF);
    },
    [tracks],
  );
  const toggle = useCallback(() => {
    choose(shown === null ? (last.current ?? tracks[0]?.id ?? null) : null);
  }, [choose, shown, tracks]);

  useEffect(() => {
    const element = video.current;
    if (!element || tracks.length === 0) return; // those of another source are not ours to hide
    const show = () => {
      for (const track of element.textTracks)
        if (track.kind === "captions" || track.kind === "subtitles")
          track.mode = track.id === shown ? "showing" : "disabled";
    };
    show();
    element.textTracks.addEventListener("addtrack", show);
    return () => element.textTracks.removeEventListener("addtrack", show);
  });
  return { tracks, shown, choose, toggle: tracks.length > 0 ? toggle : undefined };
}

const NONE: readonly ShownTrack[] = [];

const isThere = (id: string | null, tracks: readonly ShownTrack[]) =>
  id === null || tracks.some((track) => track.id === id);

/** The track in the remembered language, or the video's default; none where captions were turned off. */
export function preferred(tracks: readonly ShownTrack[], remembered = recall()): string | null {
  if (remembered === OFF) return null;
  const spoken = tracks.find(({ language }) => language === remembered);
  return (spoken ?? tracks.find((track) => track.default))?.id ?? null;
}

function recall(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(language: string): void {
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    // private windows may have no storage
  }
}
