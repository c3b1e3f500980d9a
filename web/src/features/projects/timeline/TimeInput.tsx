import { useEffect, useRef } from "react";
import type { Cell } from "@/lib/cell";
import { frameTimecode, parseTime } from "../editor/times";
import styles from "./Timeline.module.css";

type Props = { time: Cell<number | null>; fps: number; total: number; onGo: (seconds: number) => void };

/** The time of the playhead as `hh:mm:ss:ff`; a typed time, or seconds, moves it there. It follows without rendering. */
export function TimeInput({ time, fps, total, onGo }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const show = () => {
      const { current } = field;
      if (current && document.activeElement !== current) current.value = textOf(time.get(), fps);
    };
    show();
    return time.watch(show);
  }, [time, fps]);
  const go = (input: HTMLInputElement) => {
    const seconds = parseTime(input.value, fps);
    if (seconds !== null) onGo(seconds);
    input.value = textOf(seconds === null ? time.get() : Math.min(seconds, total), fps);
  };
  return (
    <span className={styles.time}>
      <input
        ref={field}
        aria-label="Time of the playhead"
        title="Type a time to go there: hh:mm:ss:ff, mm:ss or seconds"
        inputMode="decimal"
        onFocus={(event) => event.currentTarget.select()}
        onBlur={({ currentTarget }) => {
          currentTarget.value = textOf(time.get(), fps);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            go(event.currentTarget);
            event.currentTarget.select();
          }
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <span className="dim">/ {frameTimecode(total, fps)}</span>
    </span>
  );
}

const textOf = (seconds: number | null, fps: number): string =>
  seconds === null ? "--:--:--:--" : frameTimecode(seconds, fps);
