import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { showProblem, warn } from "@/components/toast";
import type { Project } from "@/gen";
import { Cell } from "@/lib/cell";
import { asProblem } from "@/lib/problem";
import type { Media, SignedUrl } from "@/player/media";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { previewProject } from "../api/preview-project";
import { readSpan } from "../api/render-span";
import type { ClipActions } from "./clip-actions";
import { type DraftClip, endOf, isStill } from "./draft";
import { overlapOf } from "./effects";
import { clipAt, type Layout, layout, placeOf, toReel, toSource } from "./times";

type Reel = NonNullable<Project["reel"]>;

export type Stage = {
  player: RefObject<PlayerHandle | null>;
  /** The clips along the reel. */
  layout: Layout;
  /** The playhead, in seconds of the reel; null while the player shows something that has no place there. */
  time: Cell<number | null>;
  /** The clip in the player; null while it shows the reel or nothing. */
  shown: DraftClip | null;
  index: number;
  /** The clips play one after another in the same player. */
  previewing: boolean;
  /** The project preview as one stream; null while something else is shown. */
  whole: Media | null;
  /** A rendered part of the reel; null while something else is shown. */
  span: Media | null;
  playSpan: (span: RenderedSpan) => void;
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
  /** Move the playhead to a time of the reel: in the player's reel, else in the clip that is there. */
  goTo: (seconds: number) => void;
  /** Show a frame of the clip in the player, while it is trimmed. */
  peek: (key: string, seconds: number) => void;
  /** Split the clip under the playhead. */
  split: () => void;
  /** The panel of the inspector that was asked for. */
  panel: Cell<Panel | null>;
  /** Where a picture begins to play: at the playhead, if it is there. */
  stillTime: (clip: DraftClip) => number;
  onTime: (seconds: number) => void;
  onSpanEnd: () => void;
};

export type Panel = "captions" | "music";

/** A part of the reel that was rendered, from a time of the reel on. */
export type RenderedSpan = { jobId: string; start: number };

export type WatchedTake = { key: string; videoId: string; label: string };

type Shown =
  | ({ what: "take" } & WatchedTake)
  | { what: "clip" }
  | { what: "reel"; reel: Reel; plays: boolean }
  | { what: "whole"; version: number }
  | ({ what: "span" } & RenderedSpan)
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
  const [time] = useState(() => new Cell<number | null>(null));
  const [panel] = useState(() => new Cell<Panel | null>(null));
  const along = useMemo(() => layout(clips), [clips]);
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
  const spanJob = choice.what === "span" ? choice.jobId : null;
  const span = useMemo<Media | null>(
    () => (spanJob ? { key: `span ${spanJob}`, kind: "file", sign: () => signedSpan(projectId, spanJob) } : null),
    [projectId, spanJob],
  );
  const reel = choice.what === "reel" ? choice.reel : null;
  const inRow = choice.what === "row" ? (clips.find(({ key }) => key === choice.key) ?? null) : null;
  const shown = whole || reel || span ? null : (inRow ?? chosen);
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

  const pending = useRef<Pending | null>(null);
  useFollowing(player, timed, pending);
  const rowKey = inRow?.key;
  useEffect(() => {
    if (rowKey) player.current?.play();
  }, [rowKey]);

  const playable = clips.filter((clip) => clip.video?.state === "ready" || isStill(clip));
  const inARow = () => {
    const first = playable[0];
    if (!first) return;
    setChoice({ what: "row", key: first.key });
    player.current?.seek(first.start_s);
    player.current?.play();
  };
  const preview = async () => {
    if (clips.some((clip) => isStill(clip) || clip.speed !== 1 || overlapOf(clip) > 0)) return inARow(); // no stream has those
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
  const timedPlace = placeOf(along, timed?.key);
  const onTime = (seconds: number) => {
    if (elsewhere) return time.set(null);
    const from = choice.what === "span" ? choice.start : 0;
    if (!timed) return time.set(Math.min(from + seconds, along.total));
    if (timedPlace && (timed.video || isStill(timed))) time.set(toReel(timedPlace, seconds));
  };
  usePlaced(() => {
    onTime(player.current?.time() ?? 0);
    const isInside = (at: number | null) => at !== null && timedPlace && clipAt(along, at) === timedPlace;
    if (timedPlace && timed && !timed.video && !isStill(timed) && !isInside(time.get())) time.set(timedPlace.start); // nothing plays there
  }, [along, timed?.key, elsewhere]);
  const goTo = (wanted: number) => {
    const seconds = Math.min(Math.max(0, wanted), along.total);
    const place = clipAt(along, seconds);
    if (!place) return;
    const source = toSource(place, seconds);
    const plays = !elsewhere && !timed && !span;
    if (plays) player.current?.seek(seconds);
    else if (timed?.key === place.clip.key) player.current?.seek(source);
    else {
      pending.current = { key: place.clip.key, at: source };
      select(place.clip.key);
    }
    time.set(seconds);
  };
  const split = () => {
    const at = time.get();
    const place = at === null ? null : timed ? timedPlace : clipAt(along, at);
    if (at === null || !place) return actions.say("The player shows no time of the project");
    const exact = timed?.video ? (player.current?.time() ?? 0) : toSource(place, at);
    actions.split(place.clip.key, exact);
  };
  const stillTime = (clip: DraftClip) => {
    const place = placeOf(along, clip.key);
    return place && !inRow ? toSource(place, time.get() ?? 0) : 0;
  };
  const peek = (key: string, seconds: number) => {
    if (timed?.key === key) player.current?.seek(seconds);
  };
  return {
    player,
    layout: along,
    time,
    shown,
    index,
    previewing: inRow !== null,
    whole,
    span,
    playSpan: (rendered) => setChoice({ what: "span", ...rendered }),
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
    goTo,
    peek,
    split,
    panel,
    stillTime,
    onTime,
    onSpanEnd,
  };
}

async function signedSpan(projectId: string, jobId: string): Promise<SignedUrl> {
  const { path, expires_at } = await readSpan(projectId, jobId);
  if (!path || !expires_at) throw new Error("This part is no longer kept. Render it again.");
  return { path, expires_at };
}

/** Reposition the playhead when the clips or what the player shows change. */
function usePlaced(place: () => void, changes: readonly unknown[]): void {
  const newest = useRef(place);
  newest.current = place;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller lists what changes the position
  useEffect(() => newest.current(), changes);
}

/** The time of a clip that the playhead went to before the player showed the clip. */
type Pending = { key: string; at: number };

/** Seek to the frame that a trim, a selection or the playhead refers to. */
function useFollowing(
  player: RefObject<PlayerHandle | null>,
  shown: DraftClip | null,
  pending: RefObject<Pending | null>,
): void {
  const last = useRef<{ key: string; start: number; end: number } | null>(null);
  useEffect(() => {
    const before = last.current;
    const wanted = pending.current;
    last.current = shown && { key: shown.key, start: shown.start_s, end: endOf(shown) };
    if (!shown) return;
    pending.current = null;
    if (wanted?.key === shown.key) player.current?.seek(wanted.at);
    else if (!before) return;
    else if (before.key !== shown.key || before.start !== shown.start_s) player.current?.seek(shown.start_s);
    else if (before.end !== endOf(shown)) player.current?.seek(Math.max(shown.start_s, endOf(shown) - 0.02));
  }, [player, shown, pending]);
}
