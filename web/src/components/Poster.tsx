import { useState } from "react";
import { useCell } from "@/lib/cell";
import { returns } from "@/lib/reach";
import { ErrorIcon, VideoIcon } from "./icons";
import styles from "./Poster.module.css";

type Props = { url: string | null | undefined; state?: string; fit?: "cover" | "contain"; moving?: string | null };

/** The poster of a video, or a placeholder for it. `moving` is its animation, shown while a mouse hovers over it. */
export function Poster({ url, state, fit = "cover", moving }: Props) {
  const attempt = `${useCell(returns)} ${url}`; // retries images that failed while the server was unreachable
  const [broken, setBroken] = useState<string | null>(null);
  const [come, setCome] = useState<string | null>(null);
  const shown = url && broken !== attempt;
  const [over, setOver] = useState(false);
  const moves = moving && over && shown;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the animation is decorative, and only a mouse starts it
    <span
      className={styles.poster}
      data-state={state}
      data-coming={(shown && come !== url) || undefined}
      onMouseEnter={() => setOver(hasMouse())}
      onMouseLeave={() => setOver(false)}
    >
      {shown ? (
        <img
          key={attempt}
          ref={(image) => void (image?.complete && image.naturalWidth > 0 && setCome(url))}
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          style={{ objectFit: fit }}
          onLoad={() => setCome(url)}
          onError={() => setBroken(attempt)}
        />
      ) : state === "errored" ? (
        <ErrorIcon size={24} />
      ) : (
        <VideoIcon size={24} />
      )}
      {moves && (
        <img
          src={moving}
          alt=""
          draggable={false}
          className={styles.moving}
          style={{ objectFit: fit }}
          data-testid="moving"
          onError={() => setOver(false)}
        />
      )}
    </span>
  );
}

/** Touch screens have no hover, and reduced motion is respected. */
const hasMouse = (): boolean => window.matchMedia("(hover: hover) and (prefers-reduced-motion: no-preference)").matches;
