import { useState } from "react";
import { ErrorIcon, FilmIcon } from "./icons";
import styles from "./Poster.module.css";

type Props = { url: string | null | undefined; state?: string; fit?: "cover" | "contain" };

/** The still of a video, or its place holder; never a broken picture. */
export function Poster({ url, state, fit = "cover" }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const shown = url && broken !== url;
  return (
    <span className={styles.poster} data-state={state}>
      {shown ? (
        <img src={url} alt="" loading="lazy" decoding="async" draggable={false} style={{ objectFit: fit }} onError={() => setBroken(url)} />
      ) : state === "errored" ? (
        <ErrorIcon size={24} />
      ) : (
        <FilmIcon size={24} />
      )}
    </span>
  );
}
