import { type ReactNode, useEffect, useImperativeHandle, useRef, useState } from "react";
import { PauseIcon, PlayIcon } from "@/components/icons";
import type { Card } from "@/gen";
import { duration } from "@/lib/format";
import { shapeOf } from "@/player/shape";
import { type DraftClip, endOf, titleOf } from "../editor/draft";
import type { Stage } from "../editor/use-stage";
import { pictureStyle } from "./framing";
import layers from "./Layers.module.css";
import { emOf } from "./looks";
import styles from "./Still.module.css";
import { useClock } from "./use-clock";

type Props = {
  clip: DraftClip;
  stage: Stage;
  size: { width: number; height: number };
  over: ReactNode;
};

/** An image or a title card in the stage: it plays by a clock, as a video does. */
export function Still({ clip, stage, size, over }: Props) {
  const length = endOf(clip);
  const [start] = useState(() => stage.stillTime(clip));
  const clock = useClock({ start, length, onTime: stage.onTime, onEnd: stage.onSpanEnd });
  useImperativeHandle(stage.player, () => clock.handle, [clock.handle]);
  const plays = useRef(clock.handle.play);
  const auto = stage.previewing;
  useEffect(() => {
    if (auto) plays.current();
  }, [auto]);
  const label = clock.playing ? "Pause" : "Play";
  return (
    <section className={styles.still} style={shapeOf(size.width, size.height)} aria-label={`Clip: ${titleOf(clip)}`}>
      <div className={layers.over}>
        <div className={layers.frame} style={{ background: clip.framing.background ?? "#000000" }}>
          {clip.card ? <CardFace card={clip.card} /> : <Picture clip={clip} passed={clock.at / length} />}
        </div>
      </div>
      {over}
      <div className={styles.bar}>
        <button type="button" aria-label={label} onClick={clock.playing ? clock.handle.pause : clock.handle.play}>
          {clock.playing ? <PauseIcon /> : <PlayIcon />}
        </button>
        <input
          type="range"
          aria-label="Time in the clip"
          min={0}
          max={length}
          step={0.01}
          value={clock.at}
          onChange={({ currentTarget }) => clock.handle.seek(Number(currentTarget.value))}
        />
        <span>
          {duration(clock.at)} / {duration(length)}
        </span>
      </div>
    </section>
  );
}

const ZOOM = 0.12; // how much larger an image is at the end of its zoom

function Picture({ clip: { image, zoom, framing }, passed }: { clip: DraftClip; passed: number }) {
  const share = zoom === "in" ? passed : zoom === "out" ? 1 - passed : 0;
  return (
    <img
      className={styles.picture}
      src={image?.url}
      alt={image?.title ?? ""}
      style={{ ...pictureStyle(framing), scale: 1 + ZOOM * share }}
    />
  );
}

function CardFace({ card }: { card: Card }) {
  const { colour = "#ffffff", background = "#000000", align = "center", subtitle } = card;
  return (
    <div className={layers.card} style={{ color: colour, background, textAlign: align }}>
      <div style={{ fontSize: emOf(0.1), fontWeight: 700 }}>{card.text}</div>
      {subtitle && <div style={{ fontSize: emOf(0.05) }}>{subtitle}</div>}
    </div>
  );
}
