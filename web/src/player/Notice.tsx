import { type ReactNode, useEffect, useState } from "react";
import { CloseIcon } from "@/components/icons";
import styles from "./VideoPlayer.module.css";

const SHOWN_MS = 10_000;

/** A notice in the corner of the player that disappears on its own. */
export function Notice({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className={styles.notice} role="status">
      <span>{children}</span>
      <button type="button" aria-label="Dismiss" onClick={() => setShown(false)}>
        <CloseIcon size={14} />
      </button>
    </div>
  );
}
