import { type RefObject, useEffect } from "react";
import { isTyping } from "@/lib/typing";
import { RATES } from "./rates";

const STEP_S = 5;
const JUMP_S = 10;
const CONTROLS =
  "button, [role='button'], media-time-range, media-volume-range, a, summary, [role='slider'], [role='tab'], [role='menuitem'], [role='option'], [role='radio'], [role='switch']";

type Options = {
  fps?: number | null;
  pip?: boolean;
  fullscreen: () => void;
  /** Shows or hides captions; absent without any. */
  captions?: () => void;
  /** Of a stream that grows. */
  goLive?: () => void;
};

/** The player's keyboard shortcuts, on the whole page except in text fields and focused controls. */
export function usePlayerKeys(
  video: RefObject<HTMLVideoElement | null>,
  { fps, pip = true, fullscreen, captions, goLive }: Options,
): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const element = video.current;
      if (
        !element ||
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTyping(event.target)
      )
        return;
      if (document.querySelector("[aria-modal='true']")) return;
      const onControl = event.target instanceof Element && event.target.closest(CONTROLS) !== null;
      if (onControl && (event.key === " " || event.key.startsWith("Arrow") || event.key === "Enter")) return;
      const act = { ...actions(element, 1 / (fps || 30), fullscreen, pip), c: captions, End: goLive }[
        event.key.length === 1 ? event.key.toLowerCase() : event.key
      ];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [video, fps, pip, fullscreen, captions, goLive]);
}

function actions(
  video: HTMLVideoElement,
  frameS: number,
  fullscreen: () => void,
  pip: boolean,
): Record<string, (() => void) | undefined> {
  const seek = (to: number) => {
    if (Number.isFinite(video.duration)) video.currentTime = Math.min(Math.max(0, to), video.duration);
  };
  const by = (seconds: number) => () => seek(video.currentTime + seconds);
  const frame = (direction: number) => () => {
    video.pause();
    seek(video.currentTime + direction * frameS);
  };
  const toggle = () => void (video.paused ? video.play().catch(() => undefined) : video.pause());
  const mute = () => {
    video.muted = !video.muted;
  };
  const louder = (change: number) => () => {
    video.volume = Math.min(1, Math.max(0, video.volume + change));
    video.muted = video.volume === 0;
  };
  const faster = (direction: number) => () => {
    const at = RATES.indexOf(video.playbackRate);
    video.playbackRate = RATES[Math.min(RATES.length - 1, Math.max(0, (at < 0 ? 3 : at) + direction))] ?? 1;
  };
  const digits = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [String(n), () => seek((video.duration * n) / 10)]),
  );
  return {
    ...digits,
    " ": toggle,
    k: toggle,
    m: mute,
    f: fullscreen,
    i: pip ? () => void togglePip(video) : undefined,
    j: by(-JUMP_S),
    ArrowLeft: by(-STEP_S),
    l: by(JUMP_S),
    ArrowRight: by(STEP_S),
    ArrowUp: louder(0.1),
    ArrowDown: louder(-0.1),
    ",": frame(-1),
    ".": frame(1),
    ">": faster(1),
    "<": faster(-1),
  };
}

async function togglePip(video: HTMLVideoElement): Promise<void> {
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video.requestPictureInPicture();
  } catch {
    // not supported, or refused
  }
}
