import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { showProblem, warn } from "@/components/toast";
import type { Project } from "@/gen";
import { asProblem } from "@/lib/problem";
import type { Media } from "@/player/media";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { previewProject } from "../api/preview-project";
import type { ClipActions } from "./clip-actions";
import { type DraftClip, endOf } from "./draft";
import { movePlayhead } from "./playhead";

type Reel = NonNullable<Project["reel"]>;

export type Stage = {
  player: RefObject<PlayerHandle | null>;
  playhead: RefObject<HTMLDivElement | null>;
  /** The clip in the player; null while it shows the reel or nothing. */
  shown: DraftClip | null;
  index: number;
  /** The clips play one after another in the same player. */
  previewing: boolean;
  /** The project preview as one stream; null while something else is shown. */
  whole: Media | null;
  /** The preview is of an earlier version. */
  wholeIsOld: boolean;
  /** The reel in the player, kept until another is opened; null while something else is shown. */
  reel: Reel | null;
  /** The take in the player instead of the clip's own video; null while something else is shown. */
  take: WatchedTake | null;
  /** A newer reel exists than the one last seen. */
  news: boolean;
  /** The reel in the player should start playing. */
  plays: boolean;
  show: (what: "reel" | "clip", plays?: boolean) => void;
  select: (key: string | null) => void;
  watch: (videoId: string, label: string) => void;
  preview: () => void;
  mark: (end: "in" | "out") => void;
  onTime: (seconds: number) => void;
  onSpanEnd: () => void;
};

export type WatchedTake = { key: string; videoId: string; label: string };

type Shown =
  | ({ what: "take" } & WatchedTake)
  | { what: "clip" }
  | { what: "reel"; reel: Reel; plays: boolean }
  | { what: "whole"; version: number }
  | { what: "row"; key: string };

type Given = {
  projectId: string;
  version: number;
  flush: () => Promise<number>;
  clips: readonly DraftClip[];
  selected: string | null;
  reel: Reel | null;
  stale: boolean;
  actions: ClipActions;
};

/**
 * What the project's player shows, and at which time: a reel, one clip, or a preview of the project. Only the user
 * changes that; a new reel is offered.
 *
 * A preview is one stream of the clips, without stitching. Where a clip cannot be streamed, the clips play in a row.
 */
export function useStage({ projectId, version, flush, clips, selected, reel: newest, stale, actions }: Given): Stage {
  const [choice, setChoice] = useState<Shown>(newest ? { what: "reel", reel: newest, plays: false } : { what: "clip" });
  const [seen, setSeen] = useState(newest?.job_id);
  const player = useRef<PlayerHandle>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const last = useRef<{ key: string; index: number } | null>(null);
  const at = (key: string | null | undefined) => clips.find((clip) => clip.key === key);
  const chosen =
    at(selected) ?? at(last.current?.key) ?? clips[Math.min(last.current?.index ?? 0, clips.length - 1)] ?? null;
  last.current = chosen && { key: chosen.key, index: clips.indexOf(chosen) };
  const wholeVersion = choice.what === "whole" ? choice.version : null;
  const whole = useMemo<Media | null>(
    () =>
      wholeVersion !== null
        ? { key: `preview ${projectId} ${wholeVersion}`, kind: "stream", sign: () => previewProject(projectId) }
        : null,
    [projectId, wholeVersion],
  );
  const reel = choice.what === "reel" ? choice.reel : null;
  const inRow = choice.what === "row" ? (clips.find(({ key }) => key === choice.key) ?? null) : null;
  const shown = whole || reel ? null : (inRow ?? chosen);
  const index = shown ? clips.indexOf(shown) : -1;
  const take = choice.what === "take" && choice.key === shown?.key ? choice : null;
  const timed = take ? null : shown; // the times of another take are not those of the clip
  const isNewest = reel !== null && reel.job_id === newest?.job_id;
  const wholeIsOld = wholeVersion !== null && wholeVersion !== version;

  const show = useCallback(
    (what: "reel" | "clip", plays = false) => {
      setChoice(what === "reel" && newest ? { what, reel: newest, plays } : { what: "clip" });
      if (what === "reel") setSeen(newest?.job_id);
    },
    [newest],
  );
  const gone = reel !== null && newest === null; // its video was deleted
  useEffect(() => {
    if (gone) setChoice({ what: "clip" });
  }, [gone]);
  const select = useCallback(
    (key: string | null) => {
      setChoice({ what: "clip" });
      actions.select(key);
    },
    [actions],
  );
  const shownKey = shown?.key;
  const watch = useCallback(
    (videoId: string, label: string) => {
      if (shownKey) setChoice({ what: "take", key: shownKey, videoId, label });
    },
    [shownKey],
  );
  const mark = useCallback(
    (end: "in" | "out") => {
      if (!timed?.video || !player.current) return;
      const at = player.current.time();
      actions.trim(timed.key, end === "in" ? { start: at } : { end: at });
    },
    [timed, actions],
  );

  useFollowing(player, timed);
  const rowKey = inRow?.key;
  useEffect(() => {
    if (rowKey) player.current?.play();
  }, [rowKey]);

  const playable = clips.filter(({ video }) => video?.state === "ready");
  const inARow = () => {
    const first = playable[0];
    if (!first) return;
    setChoice({ what: "row", key: first.key });
    player.current?.seek(first.start_s);
    player.current?.play();
  };
  const preview = async () => {
    try {
      await flush();
      const { version: previewed } = await previewProject(projectId);
      setChoice({ what: "whole", version: previewed });
      player.current?.play();
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code !== "preview_not_available") return showProblem("Couldn't start the preview")(error);
      warn(`Playing clip by clip: ${problem.detail}`);
      inARow();
    }
  };
  const onSpanEnd = () => {
    const next = inRow && playable[playable.indexOf(inRow) + 1];
    if (inRow && next) setChoice({ what: "row", key: next.key });
  };
  // An earlier version has other cuts than the strip, so its times have no position there.
  const elsewhere = (reel !== null && (stale || !isNewest)) || wholeIsOld || take !== null;
  const onTime = (seconds: number) => movePlayhead(playhead.current, elsewhere ? [] : clips, timed, seconds);
  usePlaced(() => onTime(player.current?.time() ?? 0), [clips, timed?.key, elsewhere]);
  return {
    player,
    playhead,
    shown,
    index,
    previewing: inRow !== null,
    whole,
    wholeIsOld,
    reel,
    plays: choice.what === "reel" && choice.plays,
    take,
    news: Boolean(newest) && newest?.job_id !== seen,
    show,
    select,
    watch,
    preview: () => void preview(),
    mark,
    onTime,
    onSpanEnd,
  };
}

/** Reposition the playhead when the strip changes. */
function usePlaced(place: () => void, changes: readonly unknown[]): void {
  const newest = useRef(place);
  newest.current = place;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller lists what changes the position
  useEffect(() => newest.current(), changes);
  useEffect(() => {
    const again = () => newest.current();
    window.addEventListener("resize", again);
    return () => window.removeEventListener("resize", again);
  }, []);
}

/** Seek to the frame that a trim or a selection refers to. */
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
