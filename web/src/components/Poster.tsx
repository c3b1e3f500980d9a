import { useState } from "react";
import { ErrorIcon, FilmIcon } from "./icons";
import styles from "./Poster.module.css";

type Props = { url: string | null | undefined; state?: string; fit?: "cover" | "contain"; moving?: string | null };

/** The still of a video, or its place holder; never a broken picture. `moving` is shown over it while a mouse rests there. */
export function Poster({ url, state, fit = "cover", moving }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const shown = url && broken !== url;
  const [over, setOver] = useState(false);
  const moves = moving && over && shown;
  return (
    <span className={styles.poster} data-state={state} onMouseEnter={() => setOver(hasMouse())} onMouseLeave={() => setOver(false)}>
      {shown ? (
        <img src={url} alt="" loading="lazy" decoding="async" draggable={false} style={{ objectFit: fit }} onError={() => setBroken(url)} />
      ) : state === "errored" ? (
        <ErrorIcon size={24} />
      ) : (
        <FilmIcon size={24} />
      )}
      {moves && <img src={moving} alt="" draggable={false} className={styles.moving} style={{ objectFit: fit }} data-testid="moving" onError={() => setOver(false)} />}
    </span>
  );
}

/** A finger has no rest over a picture, and who wants no motion gets none. */
const hasMouse = (): boolean => window.matchMedia("(hover: hover) and (prefers-reduced-motion: no-preference)").matches;
