import type { CSSProperties } from "react";
import type { Cue } from "@/gen";
import styles from "./Layers.module.css";
import { CAPTION_SIZE, emOf, type Look, seenThrough, titleLook } from "./looks";
import type { ShownTitle } from "./scene";

/** A title on its plate, as far as it has come in. */
export function TitleText({ shown: { title, opacity, shift } }: { shown: ShownTitle }) {
  const look = titleLook(title);
  const lower = (title.place ?? "lower_third") === "lower_third";
  const above = lower ? { "--above": `calc(3.4 * ${emOf(CAPTION_SIZE)})` } : {};
  return (
    <div className={styles.row} data-place={look.place} data-lower={lower || undefined} style={above as CSSProperties}>
      <div className={styles.words} style={{ ...styleOf(look), opacity, translate: `0 ${100 * shift}%` }}>
        {title.text}
      </div>
    </div>
  );
}

/** A caption with the word that is spoken in its colour. */
export function CaptionText({ cue, word, look }: { cue: Cue; word: number | null; look: Look }) {
  const text = look.uppercase ? cue.text.toUpperCase() : cue.text;
  const parts = text.split(/(\s+)/);
  const words = parts.filter((part) => part.trim()).length;
  const spoken = look.highlight && words === (cue.words ?? []).length ? word : null;
  let number = -1;
  return (
    <div className={styles.row} data-place={look.place}>
      <div className={styles.words} style={styleOf(look)}>
        {spoken === null
          ? text
          : parts.map((part, n) => {
              if (part.trim()) number++;
              const style = part.trim() && number === spoken ? highlightOf(look) : undefined;
              return (
                <span key={n} style={style}>
                  {part}
                </span>
              );
            })}
      </div>
    </div>
  );
}

const highlightOf = ({ highlight, highlight_kind }: Look): CSSProperties =>
  highlight_kind === "box" ? { background: highlight, borderRadius: "0.1em" } : { color: highlight };

function styleOf(look: Look): CSSProperties {
  const { size, weight, colour, background, padding, radius, line_height } = look;
  const style: CSSProperties = {
    fontSize: emOf(size),
    fontWeight: weight,
    lineHeight: line_height,
    color: colour,
  };
  if (background === "box")
    return {
      ...style,
      background: seenThrough(look.background_colour, look.background_opacity),
      padding: `0 ${padding}em`,
      borderRadius: `${radius}em`,
    };
  if (background === "outline")
    return { ...style, WebkitTextStroke: `${2 * look.outline}em ${look.outline_colour}`, paintOrder: "stroke fill" };
  return style;
}
