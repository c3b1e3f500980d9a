import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { showProblem, warn } from "@/components/toast";
import { asProblem } from "@/lib/problem";
import type { Media } from "@/player/media";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { previewProject } from "../api/preview-project";
import type { ClipActions } from "./clip-actions";
import { type DraftClip, endOf } from "./draft";
import { movePlayhead } from "./playhead";

export type Stage = {
  player: RefObject<PlayerHandle | null>;
  playhead: RefObject<HTMLDivElement | null>;
  /** The clip in the player; null when it shows the reel, or there is nothing to show. */
  shown: DraftClip | null;
  index: number;
  /** The clips play one after the other in a player that goes from clip to clip. */
  previewing: boolean;
  /** The whole project as one stream; null while another thing is shown. */
  whole: Media | null;
  show: (what: Shown) => void;
  select: (key: string | null) => void;
  preview: () => void;
  mark: (end: "in" | "out") => void;
  onTime: (seconds: number) => void;
  onSpanEnd: () => void;
};

type Shown = "reel" | "clip" | "whole";

type Given = { projectId: string; version: number; flush: () => Promise<number>; clips: readonly DraftClip[]; selected: string | null; hasReel: boolean; stale: boolean; actions: ClipActions };

/**
 * What the project's player shows, and where it stands: the reel, one clip, or a preview of the whole.
 *
 * A preview is one stream made of the clips as they are. Where a clip cannot be streamed, the clips play in a row.
 */
export function useStage({ projectId, version, flush, clips, selected, hasReel, stale, actions }: Given): Stage {
  const [wish, setWish] = useState<Shown>("reel");
  const [previewing, setPreviewing] = useState(false);
  const player = useRef<PlayerHandle>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const chosen = clips.find((clip) => clip.key === selected) ?? clips[0] ?? null;
  const whole = useMemo<Media | null>(
    () => (wish === "whole" ? { key: `preview ${projectId} ${version}`, kind: "stream", mint: () => previewProject(projectId) } : null),
    [wish, projectId, version],
  );
  const shown = whole || (hasReel && wish === "reel") ? null : chosen;
  const index = shown ? clips.indexOf(shown) : -1;

  const show = useCallback((what: Shown) => {
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

  const inARow = () => {
    const first = clips[0];
    if (!first) return;
    select(first.key);
    setPreviewing(true);
    player.current?.seek(first.start_s);
  };
  const preview = async () => {
    try {
      await flush();
      await previewProject(projectId);
      show("whole");
      player.current?.play();
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code !== "preview_not_available") return showProblem("The preview did not start")(error);
      warn(`Clip by clip, as not all can be streamed together: ${problem.detail}`);
      inARow();
    }
  };
  const onSpanEnd = () => {
    const next = clips[index + 1];
    if (!previewing) return;
    if (next) actions.select(next.key);
    else setPreviewing(false);
  };
  // A stale reel has other cuts than the strip, so no place on the strip is its place.
  const onTime = (seconds: number) => movePlayhead(playhead.current, stale && !shown && !whole ? [] : clips, shown, seconds);
  return { player, playhead, shown, index, previewing, whole, show, select, preview: () => void preview(), mark, onTime, onSpanEnd };
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
