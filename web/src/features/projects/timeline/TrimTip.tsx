import { useQuery } from "@tanstack/react-query";
import { timecode } from "@/lib/format";
import { endOf } from "../editor/draft";
import { reelLength } from "../editor/times";
import { storyboardQuery, tileAt, tileStyle } from "./storyboard";
import styles from "./Timeline.module.css";
import type { Trimming } from "./use-trim";

const HEIGHT = 72;

/** The frame at the edge that is dragged, its time and the new length; `left` is the edge on the timeline. */
export function TrimTip({ trimming: { clip, edge, snapped }, left }: { trimming: Trimming; left: number }) {
  const { data: board } = useQuery({
    ...storyboardQuery(clip.video ?? { id: "", storyboard_url: null }),
    enabled: Boolean(clip.video?.storyboard_url),
  });
  const at = edge === "start" ? clip.start_s : endOf(clip);
  const tile = board && tileAt(board, edge === "start" ? at : Math.max(0, at - 0.02));
  return (
    <div className={styles.tip} style={{ left }} data-snapped={snapped || undefined} data-testid="trim-tip">
      {board && tile && (
        <span
          className={styles.tipTile}
          style={{ width: (tile.width / tile.height) * HEIGHT, height: HEIGHT, ...tileStyle(board, tile, HEIGHT) }}
        />
      )}
      <span>
        {timecode(at)} · {reelLength(clip).toFixed(2)} s
      </span>
    </div>
  );
}
