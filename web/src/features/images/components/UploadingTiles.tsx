import { ActionIcon, Loader } from "@mantine/core";
import { CloseIcon } from "@/components/icons";
import { asProblem } from "@/lib/problem";
import type { ImageUpload } from "../use-image-uploads";
import styles from "./ImageDialog.module.css";

type Props = { uploads: readonly ImageUpload[]; onDismiss: (id: number) => void };

/** Images on their way, and those that were refused, with the reason. */
export function UploadingTiles({ uploads, onDismiss }: Props) {
  return uploads.map(({ id, name, error }) => (
    <div key={id} className={styles.tile} role={error ? "alert" : "status"}>
      <span className={styles.thumbnail} data-failed={error ? true : undefined}>
        {error ? <span className={styles.reason}>{reason(error)}</span> : <Loader size={22} />}
      </span>
      <span className="clip-text" title={name}>
        {name}
      </span>
      <span className="dim tiny">{error ? "Not uploaded" : "Uploading"}</span>
      {error ? (
        <ActionIcon
          className={styles.delete}
          data-shown
          variant="default"
          size={30}
          aria-label={`Dismiss ${name}`}
          onClick={() => onDismiss(id)}
        >
          <CloseIcon size={14} />
        </ActionIcon>
      ) : null}
    </div>
  ));
}

function reason(error: unknown): string {
  const problem = asProblem(error);
  return [problem.detail, problem.hint].filter(Boolean).join(" ");
}
