import { type RefObject, useEffect, useState } from "react";

/** The duration of what a media element plays, in seconds; 0 while unknown. */
export function useDuration(video: RefObject<HTMLVideoElement | null>): number {
  const [total, setTotal] = useState(0);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const read = () => setTotal(Number.isFinite(element.duration) ? element.duration : 0);
    read();
    element.addEventListener("durationchange", read);
    return () => element.removeEventListener("durationchange", read);
  }, [video]);
  return total;
}
