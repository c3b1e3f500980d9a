import { type RefObject, useEffect } from "react";
import { keepChoice, keptChoices } from "./kept-choices";

/** Play at the rate that the viewer chose last, and remember the next choice. */
export function useKeptRate(video: RefObject<HTMLVideoElement | null>, enabled: boolean): void {
  useEffect(() => {
    const element = video.current;
    if (!element || !enabled) return;
    element.defaultPlaybackRate = element.playbackRate = keptChoices().rate;
    const keep = () => keepChoice({ rate: element.playbackRate });
    element.addEventListener("ratechange", keep);
    return () => element.removeEventListener("ratechange", keep);
  }, [video, enabled]);
}
