import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { PlayerHandle } from "@/player/VideoPlayer";
import type { ClipActions } from "./clip-actions";
import { type DraftClip, endOf } from "./draft";
import { movePlayhead } from "./playhead";

export type Stage = {
  player: RefObject<PlayerHandle | null>;
  playhead: RefObject<HTMLDivElement | null>;
  /** The clip in the player; null when it shows the reel, or there is nothing to show. */
  shown: DraftClip | null;
  index: number;
  previewing: boolean;
  show: (what: "reel" | "clip") => void;
  select: (key: string | null) => void;
  preview: () => void;
  mark: (end: "in" | "out") => void;
  onTime: (seconds: number) => void;
  onSpanEnd: () => void;
};

type Given = { clips: readonly DraftClip[]; selected: string | null; hasReel: boolean; stale: boolean; actions: ClipActions };

/** What the project's player shows, the reel or one clip, and where it stands; a preview plays the clips in a row. */
export function useStage({ clips, selected, hasReel, stale, actions }: Given): Stage {
  const [wish, setWish] = useState<"reel" | "clip">("reel");
  const [previewing, setPreviewing] = useState(false);
  const player = useRef<PlayerHandle>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const chosen = clips.find((clip) => clip.key === selected) ?? clips[0] ?? null;
  const shown = hasReel && wish === "reel" ? null : chosen;
  const index = shown ? clips.indexOf(shown) : -1;

  const show = useCallback((what: "reel" | "clip") => {
    setPreviewing(false);
    setWish(what);
  }, []);
  const select = useCallback((key: string | null) => {
    show("clip");
    actions.select(key);
  }, [show, actions]);
  const mark = useCallback((end: "in" | "out") => {
    if (!shown || !player.current) return;
    const at = player.current.time();
    actions.trim(shown.key, end === "in" ? { start: at } : { end: at });
  }, [shown, actions]);

  useFollowing(player, shown);
  useEffect(() => {
    if (previewing) player.current?.play();
  }, [previewing, shown?.key]);

  const preview = () => {
    const first = clips[0];
    if (!first) return;
    select(first.key);
    setPreviewing(true);
    player.current?.seek(first.start_s);
  };
  const onSpanEnd = () => {
    const next = clips[index + 1];
    if (!previewing) return;
    if (next) actions.select(next.key);
    else setPreviewing(false);
  };
  // A stale reel has other cuts than the strip, so no place on the strip is its place.
  const onTime = (seconds: number) => movePlayhead(playhead.current, stale && !shown ? [] : clips, shown, seconds);
  return { player, playhead, shown, index, previewing, show, select, preview, mark, onTime, onSpanEnd };
}

/** The player goes to the frame that a trim or a choice is about. */
function useFollowing(player: RefObject<PlayerHandle | null>, shown: DraftClip | null): void {
  const last = useRef<{ key: string; start: number; end: number } | null>(null);
  useEffect(() => {
    const before = last.current;
    last.current = shown && { key: shown.key, start: shown.start_s, end: endOf(shown) };
    if (!shown || !before) return;
    if (before.key !== shown.key || before.start !== shown.start_s) player.current?.seek(shown.start_s);
    else if (before.end !== endOf(shown)) player.current?.seek(Math.max(shown.start_s, endOf(shown) - 0.02));
  }, [player, shown]);
}
