import { type RefObject, useEffect, useState } from "react";
import { clock, duration } from "@/lib/format";
import styles from "./VideoPlayer.module.css";

const NEWS = ["timeupdate", "seeking", "durationchange", "loadedmetadata", "emptied", "ended"] as const;

/** Current time and duration; a click shows the remaining time instead. */
export function TimeDisplay({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const [remaining, setRemaining] = useState(false);
  const [shown, setShown] = useState("0:00 / 0:00");
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const update = () => setShown(words(element, remaining));
    update();
    for (const name of NEWS) element.addEventListener(name, update);
    return () => {
      for (const name of NEWS) element.removeEventListener(name, update);
    };
  }, [video, remaining]);
  return (
    <button
      type="button"
      className={styles.time}
      aria-label={`${remaining ? "Time left" : "Time"}: ${shown}`}
      onClick={() => setRemaining(!remaining)}
    >
      {shown}
    </button>
  );
}

function words(element: HTMLVideoElement, remaining: boolean): string {
  const total = Number.isFinite(element.duration) ? element.duration : 0;
  const whole = duration(total);
  if (remaining) return `-${clock(Math.ceil(total - element.currentTime))} / ${whole}`;
  return `${element.ended ? whole : clock(element.currentTime)} / ${whole}`;
}
