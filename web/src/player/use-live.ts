import { type RefObject, useEffect, useState } from "react";
import { behind, isLive } from "./live-edge";
import type { Player } from "./player";

const EVERY_MS = 500;

export type Live = {
  /** At the live edge, or as near to it as playback allows. */
  now: boolean;
  /** Whole seconds behind it. */
  behind: number;
};

/** How far playback is behind the live edge; null for what has ended. The first play begins at the edge. */
export function useLive(video: RefObject<HTMLVideoElement | null>, player: Player, enabled: boolean): Live | null {
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    const element = video.current;
    if (!element || !enabled) return setLive(null);
    const look = () => setLive((before) => settled(before, read(player, element)));
    const timer = setInterval(look, EVERY_MS);
    const stop = startAtEdge(element, player);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [video, player, enabled]);
  return live;
}

function read(player: Player, { currentTime }: HTMLVideoElement): Live | null {
  const edge = player.liveEdge();
  return edge && { now: isLive(edge, currentTime), behind: Math.round(behind(edge, currentTime)) };
}

const settled = (before: Live | null, after: Live | null): Live | null =>
  before && after && before.now === after.now && before.behind === after.behind ? before : after;

/** A page that was open for a while before anybody pressed play shows what is live now, unless a place was chosen. */
function startAtEdge(element: HTMLVideoElement, player: Player): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  const shown = () => element.addEventListener("seeking", () => leaving.abort(), { signal });
  element.addEventListener("loadeddata", shown, { signal, once: true });
  element.addEventListener(
    "play",
    () => {
      leaving.abort();
      const edge = player.liveEdge();
      if (edge && !isLive(edge, element.currentTime)) player.goLive();
    },
    { signal },
  );
  return () => leaving.abort();
}
