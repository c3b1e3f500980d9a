import { clock } from "@/lib/format";
import type { Live } from "./use-live";
import styles from "./VideoPlayer.module.css";

/** Whether the viewer is at the live edge; a click goes there. */
export function LiveBadge({ live, onGoLive }: { live: Live; onGoLive: () => void }) {
  if (live.now) {
    return (
      <span className={styles.live} data-now title={`${live.behind} s behind the live edge`}>
        <span className={styles.dot} /> LIVE
      </span>
    );
  }
  return (
    <button type="button" className={styles.live} onClick={onGoLive} aria-label={`Go to live, ${live.behind} s behind`}>
      <span className={styles.dot} /> -{clock(live.behind)} <span className={styles.golive}>Go to live</span>
    </button>
  );
}
