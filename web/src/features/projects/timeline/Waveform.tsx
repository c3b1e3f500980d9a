import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import styles from "./Timeline.module.css";
import type { Shown } from "./use-window";
import { columnsOf, waveformQuery } from "./waveform";

export const WAVE_HEIGHT = 28;

type Props = {
  videoId: string;
  track: number | null;
  /** Seconds of the video at the left edge, and per pixel. */
  start: number;
  perPixel: number;
  volume: number;
  width: number;
  shown: Shown;
};

/** The waveform of a clip; only what is in view is drawn. */
export function Waveform({ videoId, track, start, perPixel, volume, width, shown }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { data: peaks } = useQuery(waveformQuery(videoId, track));
  const left = Math.max(0, Math.floor(shown.from));
  const wide = Math.max(0, Math.ceil(Math.min(width, shown.to)) - left);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !peaks?.length || wide === 0) return;
    const columns = columnsOf(peaks, start + left * perPixel, start + (left + wide) * perPixel, wide);
    context.clearRect(0, 0, wide, WAVE_HEIGHT);
    context.fillStyle = getComputedStyle(context.canvas).color;
    columns.forEach((peak, x) => {
      const height = Math.max(1, Math.min(1, peak * volume) * WAVE_HEIGHT);
      context.fillRect(x, (WAVE_HEIGHT - height) / 2, 1, height);
    });
  }, [peaks, start, perPixel, volume, left, wide]);
  if (!peaks?.length || wide === 0) return null;
  return (
    <canvas
      ref={canvas}
      className={styles.wave}
      width={wide}
      height={WAVE_HEIGHT}
      style={{ left, width: wide }}
      data-testid="waveform"
    />
  );
}
