import type Hls from "hls.js";
import type { Level } from "hls.js";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Source } from "./use-source";

/** A quality of a stream: the height of its picture, the number of its level. */
export type Quality = { level: number; height: number };

type Stream = { qualities: readonly Quality[]; pick: (level: number) => void };

/** Feed a stream of segments to a video element. hls.js is fetched when the first stream is played. */
export function useStream(video: RefObject<HTMLVideoElement | null>, source: Source | null, startAt: () => number, onBroken: () => void): Stream {
  const [qualities, setQualities] = useState<readonly Quality[]>([]);
  const hls = useRef<Hls | null>(null);
  const told = useRef({ startAt, onBroken });
  told.current = { startAt, onBroken };
  const level = useRef(-1);
  const path = source?.kind === "stream" ? source.path : null;

  useEffect(() => {
    const element = video.current;
    if (!element || !path) return;
    let left = false;
    let own: Hls | null = null;
    void import("hls.js").then(({ default: Player, ErrorTypes, Events }) => {
      if (left) return;
      if (!Player.isSupported()) {
        element.src = path; // Safari plays streams by itself
        return;
      }
      own = new Player({ enableWorker: false, startPosition: told.current.startAt(), backBufferLength: 60 });
      hls.current = own as Hls;
      own.on(Events.MANIFEST_PARSED, (_, { levels }) => {
        setQualities(qualitiesOf(levels));
        if (own) own.currentLevel = level.current;
      });
      own.on(Events.LEVEL_SWITCHED, () => {
        if (element.paused) element.currentTime += 0; // a picture that stands is only decoded anew by a seek
      });
      let mended = false;
      own.on(Events.ERROR, (_, { fatal, type }) => {
        if (!fatal) return;
        if (type === ErrorTypes.MEDIA_ERROR && !mended) {
          mended = true;
          own?.recoverMediaError();
        } else told.current.onBroken();
      });
      own.loadSource(path);
      own.attachMedia(element);
    }, () => told.current.onBroken());
    return () => {
      left = true;
      own?.destroy();
      hls.current = null;
      element.removeAttribute("src");
      element.load();
    };
  }, [video, path]);

  const pick = (wanted: number) => {
    level.current = wanted;
    if (hls.current) hls.current.currentLevel = wanted;
  };
  return { qualities, pick };
}

function qualitiesOf(levels: readonly Level[]): Quality[] {
  return levels.map(({ height }, level) => ({ level, height })).sort((a, b) => b.height - a.height);
}
