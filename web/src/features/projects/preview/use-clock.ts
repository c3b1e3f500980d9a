import { useEffect, useMemo, useRef, useState } from "react";
import type { PlayerHandle } from "@/player/VideoPlayer";

type Given = { start: number; length: number; onTime: (seconds: number) => void; onEnd: () => void };

/** Time that passes while a picture plays, in seconds of the clip. */
export function useClock(given: Given) {
  const [at, setAt] = useState(Math.min(given.start, given.length));
  const [playing, setPlaying] = useState(false);
  const newest = useRef({ ...given, at });
  newest.current = { ...given, at: newest.current.at };
  const handle = useMemo<PlayerHandle>(() => {
    const seek = (seconds: number) => {
      const to = Math.min(Math.max(0, seconds), newest.current.length);
      newest.current.at = to;
      setAt(to);
      newest.current.onTime(to);
    };
    const play = () => {
      if (newest.current.at >= newest.current.length - 0.02) seek(0);
      setPlaying(true);
    };
    return { time: () => newest.current.at, seek, play, pause: () => setPlaying(false) };
  }, []);
  useEffect(() => {
    if (!playing) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function tick(now) {
      handle.seek(newest.current.at + Math.max(0, now - before) / 1000);
      before = now;
      if (newest.current.at < newest.current.length) frame = requestAnimationFrame(tick);
      else {
        setPlaying(false);
        newest.current.onEnd();
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, handle]);
  return { at, playing, handle };
}
