import { type RefObject, useEffect, useRef } from "react";
import type { Cell } from "@/lib/cell";
import styles from "./Timeline.module.css";
import { PAD } from "./use-window";

type Props = { box: RefObject<HTMLDivElement | null>; time: Cell<number | null>; scale: number };

/** The line at the player's time. It moves without rendering, and the view follows it. */
export function Playhead({ box, time, scale }: Props) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = (follows: boolean) => {
      const { current } = line;
      const seconds = time.get();
      if (!current) return;
      current.hidden = seconds === null;
      if (seconds === null) return;
      const x = PAD + seconds * scale;
      current.style.transform = `translateX(${x - 1}px)`;
      if (follows && box.current) follow(box.current, x);
    };
    place(false);
    return time.watch(() => place(true));
  }, [box, time, scale]);
  return <div ref={line} className={styles.playhead} hidden aria-hidden="true" data-testid="playhead" />;
}

/** Turn the page as the playhead leaves the view. */
function follow(box: HTMLDivElement, x: number): void {
  const { scrollLeft, clientWidth } = box;
  if (x > scrollLeft + clientWidth - 8 || x < scrollLeft) box.scrollLeft = Math.max(0, x - clientWidth * 0.1);
}
