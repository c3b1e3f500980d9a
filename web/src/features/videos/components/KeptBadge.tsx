import { Tooltip } from "@mantine/core";
import { LockIcon } from "@/components/icons";
import styles from "./KeptBadge.module.css";

/** The sign of a video that retention leaves alone; `word` shows what it means beside the icon. */
export function KeptBadge({ word = false }: { word?: boolean }) {
  return (
    <Tooltip label="Retention leaves it alone">
      <span className={styles.badge} data-kept>
        <LockIcon size={13} />
        <span className={word ? undefined : "only-read"}>Kept</span>
      </span>
    </Tooltip>
  );
}
