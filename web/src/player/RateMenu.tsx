import { type RefObject, useEffect, useState } from "react";
import { ChoiceMenu } from "./ChoiceMenu";
import { RATES, rateName } from "./rates";

/** The playback rate menu; the keys `<` and `>` step through the same list. */
export function RateMenu({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const [rate, setRate] = useState(1);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const update = () => setRate(element.playbackRate);
    update();
    element.addEventListener("ratechange", update);
    return () => element.removeEventListener("ratechange", update);
  }, [video]);
  const choose = (wanted: number) => {
    if (video.current) video.current.playbackRate = wanted;
  };
  return (
    <ChoiceMenu
      label="Speed"
      chosen={rateName(rate)}
      choices={RATES.map((each) => ({ key: String(each), name: rateName(each), onChoose: () => choose(each) }))}
    />
  );
}
