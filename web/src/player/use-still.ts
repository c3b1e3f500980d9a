import { type RefObject, useCallback, useEffect, useRef } from "react";

/** Keep the last picture over a video while its source is changed, so that nothing flashes. */
export function useStill(video: RefObject<HTMLVideoElement | null>) {
  const canvas = useRef<HTMLCanvasElement>(null);

  const hold = useCallback(() => {
    const [element, still] = [video.current, canvas.current];
    if (!element || !still || !still.hidden || element.readyState < element.HAVE_CURRENT_DATA) return;
    [still.width, still.height] = [element.videoWidth, element.videoHeight];
    still.getContext("2d")?.drawImage(element, 0, 0);
    still.hidden = false;
  }, [video]);

  const release = useCallback(() => {
    if (canvas.current) canvas.current.hidden = true;
  }, []);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const names = ["playing", "seeked"] as const;
    for (const name of names) element.addEventListener(name, release);
    return () => {
      for (const name of names) element.removeEventListener(name, release);
    };
  }, [video, release]);

  return { canvas, hold, release };
}
