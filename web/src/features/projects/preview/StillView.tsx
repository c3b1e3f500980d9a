import type { DraftClip } from "../editor/draft";
import styles from "./preview.module.css";

/** An image or a title card on the stage, in the shape of the reel. */
export function StillView({ clip }: { clip: DraftClip }) {
  if (clip.card) {
    const { text, subtitle, colour = "#ffffff", background = "#000000", align = "center" } = clip.card;
    return (
      <div className={styles.still} style={{ background, color: colour, textAlign: align }} data-align={align}>
        <div className={styles.words}>
          <p className={styles.cardTitle}>{text}</p>
          {subtitle && <p className={styles.cardSubtitle}>{subtitle}</p>}
        </div>
      </div>
    );
  }
  const { fit = "fit", background } = clip.framing;
  return (
    <div className={styles.still} style={{ background: background ?? "#000000" }}>
      {clip.image_id && (
        <img
          src={`/api/v1/images/${clip.image_id}/thumbnail?w=1280`}
          alt={clip.image?.title ?? "The image of the clip"}
          style={{ objectFit: fit === "fill" ? "cover" : "contain" }}
        />
      )}
    </div>
  );
}
