import { type PointerEvent, useMemo, useRef, useState } from "react";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, endOf, isStill, trimmed } from "../editor/draft";
import { snapTo } from "../editor/snap";
import { type Layout, layout, onFrame, type Placed, placeOf } from "../editor/times";
import { followDrag } from "./pointer";
import { useStable } from "./use-stable";

export type Edge = "start" | "end";

/** A clip as its edge is being dragged, before that is an edit. */
export type Trimming = { clip: DraftClip; edge: Edge; snapped: boolean };

type Given = {
  clips: readonly DraftClip[];
  along: Layout;
  scale: number;
  actions: ClipActions;
  /** Times of the reel that edges snap to. */
  targets: (placed: Placed) => number[];
  onPeek: (key: string, seconds: number) => void;
};

export type Trim = {
  trimming: Trimming | null;
  /** The clips along the reel as they are now, and the pixels by which those from the trimmed one on are moved right. */
  along: Layout;
  shift: { from: number; px: number };
  begin: (event: PointerEvent<HTMLElement>, key: string, edge: Edge) => void;
};

const SNAP_PX = 8;

/**
 * Trimming by a clip's edges: later clips follow the end, and close up to a moved start when it is let go. The frame at the
 * edge is shown in the player. One drag is one edit, and Esc takes it back.
 */
export function useTrim({ clips, along, scale, actions, targets, onPeek }: Given): Trim {
  const [trimming, setTrimming] = useState<Trimming | null>(null);
  const newest = useRef({ along, scale, targets });
  newest.current = { along, scale, targets };
  const begin = useStable((event: PointerEvent<HTMLElement>, key: string, edge: Edge) => {
    event.stopPropagation();
    event.preventDefault();
    const placed = placeOf(along, key);
    if (!placed) return;
    actions.select(key);
    let last: Trimming | null = null;
    const end = () => {
      setTrimming(null);
      if (!last) return;
      const { start_s } = last.clip;
      // A still has no time of its own: what its start loses, it is shorter by.
      const start = isStill(last.clip) ? endOf(placed.clip) - endOf(last.clip) : start_s;
      actions.trim(key, edge === "start" ? { start } : { end: endOf(last.clip) });
    };
    followDrag(
      event,
      {
        move: (dx) => {
          last = trimmedBy(placed, edge, dx / newest.current.scale, newest.current);
          setTrimming(last);
          onPeek(key, edge === "start" ? last.clip.start_s : Math.max(last.clip.start_s, endOf(last.clip) - 0.02));
        },
        end,
        cancel: () => setTrimming(null),
      },
      { atOnce: true },
    );
  });
  const shown = useMemo(
    () => (trimming ? layout(clips.map((clip) => (clip.key === trimming.clip.key ? trimming.clip : clip))) : along),
    [clips, along, trimming],
  );
  const before = trimming?.edge === "start" ? placeOf(along, trimming.clip.key) : null;
  const after = before && shown.placed[before.index];
  const px = before && after ? (before.end - after.end) * scale : 0;
  return { trimming, along: shown, shift: { from: before?.index ?? 0, px }, begin };
}

function trimmedBy(
  placed: Placed,
  edge: Edge,
  by: number,
  { scale, targets }: Pick<Given, "scale" | "targets">,
): Trimming {
  const { clip } = placed;
  const edgeAt = edge === "start" ? placed.start : placed.end;
  const snapped = snapTo(edgeAt + by, targets(placed), SNAP_PX / scale);
  const change = ((snapped ?? edgeAt + by) - edgeAt) * clip.speed;
  const wanted = (edge === "start" ? clip.start_s : endOf(clip)) + change;
  const at = snapped === null && clip.video?.fps ? onFrame(wanted, clip.video.fps) : wanted;
  const next = edge === "start" ? trimmed(clip, at, endOf(clip), "start") : trimmed(clip, clip.start_s, at, "end");
  return { clip: next, edge, snapped: snapped !== null };
}

/** The times that the edges of a clip snap to: the playhead, the markers, and the edges of other clips. */
export function targetsOf(along: Layout, markers: readonly { at_s: number }[], playhead: number | null, own: Placed) {
  const edges = along.placed.flatMap((each) => (each === own ? [] : [each.start, each.end]));
  return [...edges, ...markers.map(({ at_s }) => at_s), ...(playhead === null ? [] : [playhead])];
}
