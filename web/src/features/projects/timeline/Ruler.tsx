import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import { snapTo } from "../editor/snap";
import type { Stage } from "../editor/use-stage";
import { followDrag } from "./pointer";
import styles from "./Timeline.module.css";
import { tickLabel, ticks } from "./ticks";
import { PAD, type Shown } from "./use-window";

type Props = {
  stage: Stage;
  scale: number;
  shown: Shown;
  fps: number;
  total: number;
  /** Times that scrubbing snaps to; empty: it does not. */
  targets: readonly number[];
  /** Go to the next cut or marker, or the one before. */
  onJump: (direction: 1 | -1) => void;
};

const SNAP_PX = 6;

/** The times of the reel. A press or a drag moves the playhead, arrow keys move it by frames. */
export function Ruler({ stage, scale, shown, fps, total, targets, onJump }: Props) {
  const ruler = useRef<HTMLDivElement>(null);
  const { time } = stage;
  useEffect(() => {
    const say = () => {
      const seconds = time.get() ?? 0;
      ruler.current?.setAttribute("aria-valuenow", seconds.toFixed(2));
      ruler.current?.setAttribute("aria-valuetext", tickLabel(seconds, 0.1, fps));
    };
    say();
    return time.watch(say);
  }, [time, fps]);
  const go = (clientX: number) => {
    const x = clientX - ruler.current!.getBoundingClientRect().left;
    const seconds = Math.max(0, (x - PAD) / scale);
    stage.goTo(snapTo(seconds, targets, SNAP_PX / scale) ?? seconds);
  };
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    go(event.clientX);
    const drag = { move: (_: number, { clientX }: { clientX: number }) => go(clientX), end: nothing, cancel: nothing };
    followDrag(event, drag, { atOnce: true });
  };
  const onKey = (event: KeyboardEvent) => {
    const at = time.get() ?? 0;
    const step = event.shiftKey ? 1 : 1 / fps;
    const to: Record<string, number> = {
      ArrowLeft: at - step,
      ArrowRight: at + step,
      PageUp: at - 10,
      PageDown: at + 10,
      Home: 0,
      End: total,
    };
    const jump = { ArrowUp: -1 as const, ArrowDown: 1 as const }[event.key];
    const seconds = to[event.key];
    if ((seconds === undefined && !jump) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (jump) onJump(jump);
    else if (seconds !== undefined) stage.goTo(seconds);
  };
  const { step, times } = ticks((shown.from - PAD) / scale, Math.min(total, (shown.to - PAD) / scale), scale);
  return (
    <div
      ref={ruler}
      role="slider"
      tabIndex={0}
      className={styles.ruler}
      aria-label="Playhead"
      aria-valuemin={0}
      aria-valuemax={Number(total.toFixed(2))}
      aria-valuenow={0}
      onPointerDown={press}
      onKeyDown={onKey}
    >
      {times.map((seconds) => (
        <span
          key={seconds}
          className={styles.tick}
          style={{ left: PAD + seconds * scale, "--minor": `${(step * scale) / 4}px` } as React.CSSProperties}
        >
          {tickLabel(seconds, step, fps)}
        </span>
      ))}
    </div>
  );
}

const nothing = () => undefined;
