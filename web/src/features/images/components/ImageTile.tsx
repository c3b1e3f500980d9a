import { ActionIcon } from "@mantine/core";
import { useState } from "react";
import { ErrorIcon, TrashIcon } from "@/components/icons";
import type { Image } from "@/gen";
import styles from "./ImageDialog.module.css";

type Props = { image: Image; onPick: () => void; onDelete: () => void };

/** An image that can be picked, with a button that deletes it. */
export function ImageTile({ image, onPick, onDelete }: Props) {
  const [broken, setBroken] = useState(false);
  const kind = image.origin === "frame" ? "Frame" : image.content_type.replace("image/", "").toUpperCase();
  return (
    <div className={styles.tile}>
      <button type="button" className={styles.image} onClick={onPick} aria-label={image.title}>
        <span className={styles.thumbnail}>
          {broken ? (
            <ErrorIcon size={24} />
          ) : (
            <img
              src={image.thumbnail_url}
              alt=""
              loading="lazy"
              decoding="async"
              draggable={false}
              onError={() => setBroken(true)}
            />
          )}
        </span>
        <span className="clip-text" title={image.title}>
          {image.title}
        </span>
        <span className="dim tiny">
          {image.width} × {image.height} · {kind}
        </span>
      </button>
      <ActionIcon
        className={styles.delete}
        variant="default"
        size={30}
        aria-label={`Delete ${image.title}`}
        onClick={onDelete}
      >
        <TrashIcon size={16} />
      </ActionIcon>
    </div>
  );
}
