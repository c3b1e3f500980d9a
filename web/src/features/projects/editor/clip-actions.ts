import { useMemo, useState } from "react";
import type { Prompt } from "@/gen";
import { count } from "@/lib/format";
import { asNew, copiedClips, copyClips } from "./clipboard";
import {
  clipFromPrompt,
  clipFromVideo,
  type DraftClip,
  type EditedVideo,
  endOf,
  gathered,
  titleOf,
  trimmed,
  withVideo,
} from "./draft";
import { type MarkerActions, markerActions } from "./markers";
import type { ProjectEditor } from "./project-editor";
import { NOTHING, only, type Selection, spanning, toggled } from "./selection";
import { split } from "./split";

export type ClipActions = MarkerActions & {
  /** Select one clip alone; null: none. */
  select: (key: string | null) => void;
  /** Add a clip to the selection or take it out, or select all from the last selected clip to it. */
  selectMore: (key: string, how: "toggle" | "range") => void;
  selectAll: () => void;
  /** Move a clip by some places; with it the other selected clips, if it is one of them. */
  move: (key: string, by: number) => void;
  /** Move a clip, or the selection that it belongs to, so that it begins at a place among the other clips. */
  place: (key: string, to: number) => void;
  trim: (key: string, change: { start?: number; end?: number }) => void;
  /** Split a clip at a time of its video. */
  split: (key: string, at: number) => void;
  remove: (key: string) => void;
  duplicate: (key: string) => void;
  copy: (key: string | null) => void;
  cut: (key: string | null) => void;
  /** Insert the copied clips after a clip; null: at the end. */
  paste: (key: string | null) => void;
  add: (videos: EditedVideo[]) => void;
  insert: (clips: DraftClip[]) => void;
  replace: (key: string, video: EditedVideo) => void;
  addPrompts: (prompts: Prompt[]) => void;
  /** `merge` groups edits of one field into one undo step. */
  changePrompt: (key: string, prompt: Prompt, merge?: string) => void;
  /** Change fields of a clip, such as its effects; `merge` groups edits of one field into one undo step. */
  change: (key: string, change: Partial<DraftClip>, merge?: string) => void;
  askReplace: (key: string) => void;
  /** A sentence for screen readers. */
  say: (words: string) => void;
};

/** The edits of clips, with announcements for screen readers. */
export function useClipActions(editor: ProjectEditor) {
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [replacing, setReplacing] = useState<string | null>(null);
  const [announcement, say] = useState("");

  const actions = useMemo<ClipActions>(() => {
    let chosen: Selection = NOTHING; // the newest selection, for edits of the same event
    const choose = (next: Selection) => {
      chosen = next;
      setSelection(next);
    };
    const clips = () => editor.state.get().draft.clips;
    const at = (key: string | null) => clips().findIndex((clip) => clip.key === key);
    const edit = (change: (clips: readonly DraftClip[]) => readonly DraftClip[], merge?: string) =>
      editor.edit((draft) => {
        const next = change(draft.clips);
        return next === draft.clips ? draft : { ...draft, clips: next };
      }, merge);
    const swap = (key: string, change: (clip: DraftClip) => DraftClip, merge?: string) =>
      edit((all) => all.map((clip) => (clip.key === key ? change(clip) : clip)), merge);
    /** The clips that an edit of one is about: all selected ones, if it is one of them. */
    const meant = (key: string | null): DraftClip[] => {
      const keys = key !== null && !chosen.keys.has(key) ? new Set([key]) : chosen.keys;
      return clips().filter((clip) => keys.has(clip.key));
    };
    const place = (key: string, to: number) => {
      const moving = meant(key);
      const next = gathered(clips(), moving, to);
      if (next === clips() || !moving[0]) return;
      if (!chosen.keys.has(key)) choose(only(key)); // first: a clip shown only for being the first stays on the stage
      edit(() => next);
      say(`${named(moving)} moved to position ${at(moving[0].key) + 1} of ${next.length}`);
    };
    const insert = (fresh: DraftClip[], after: number, words: string) => {
      if (fresh.length === 0) return;
      edit((all) => [...all.slice(0, after + 1), ...fresh, ...all.slice(after + 1)]);
      choose({ keys: new Set(fresh.map(({ key }) => key)), last: fresh[0]!.key });
      say(words);
    };
    const append = (fresh: DraftClip[]) => {
      edit((all) => [...all, ...fresh]);
      choose(only(fresh[0]?.key ?? null));
      say(`${fresh.length} added, ${clips().length} clips now`);
    };
    const remove = (key: string | null, verb: string) => {
      const gone = meant(key);
      const first = at(gone[0]?.key ?? null);
      if (gone.length === 0) return;
      edit((all) => all.filter((clip) => !gone.includes(clip)));
      choose(only(clips()[Math.min(first, clips().length - 1)]?.key ?? null));
      say(`${named(gone)} ${verb}, ${clips().length} left`);
    };
    const copy = (key: string | null): boolean => {
      const copied = meant(key);
      if (copied.length === 0) return false;
      copyClips(copied);
      say(`${named(copied)} copied`);
      return true;
    };
    const lastOf = (key: string | null) => Math.max(-1, ...meant(key).map((clip) => at(clip.key)));
    return {
      ...markerActions(editor, say),
      say,
      select: (key) => choose(only(key)),
      selectMore: (key, how) => {
        choose(how === "toggle" ? toggled(chosen, key) : spanning(chosen, clips(), key));
        say(`${count(chosen.keys.size, "clip")} selected`);
      },
      selectAll: () => {
        choose({ keys: new Set(clips().map(({ key }) => key)), last: chosen.last });
        say(`${count(clips().length, "clip")} selected`);
      },
      place,
      move: (key, by) => {
        const places = meant(key).map((clip) => at(clip.key));
        const first = places[0] ?? 0;
        const to = by < 0 || places.length === 1 ? first + by : (places.at(-1) ?? 0) + by - places.length + 1;
        if (to >= 0 && to <= clips().length - places.length) place(key, to);
      },
      trim: (key, { start, end }) =>
        swap(
          key,
          (clip) => trimmed(clip, start ?? clip.start_s, end ?? endOf(clip), end === undefined ? "start" : "end"),
          `trim ${key} ${end === undefined ? "in" : "out"}`,
        ),
      split: (key, seconds) => {
        const clip = clips()[at(key)];
        const halves = clip && split(clip, seconds);
        if (!halves) return say("The playhead is not inside a clip, so there is nothing to split");
        edit((all) => all.flatMap((each) => (each === clip ? halves : [each])));
        choose(only(halves[1].key));
        say(`${titleOf(clip)} split, ${clips().length} clips now`);
      },
      remove: (key) => remove(key, "removed"),
      duplicate: (key) => {
        const copies = meant(key).map(asNew);
        insert(copies, lastOf(key), copies.length === 1 ? "Clip duplicated" : `${copies.length} clips duplicated`);
      },
      copy,
      cut: (key) => copy(key) && remove(key, "cut"),
      paste: (key) => {
        const copies = copiedClips();
        if (copies.length === 0) return say("Nothing was copied");
        const after = lastOf(key);
        insert(copies, after < 0 ? clips().length - 1 : after, `${named(copies)} pasted`);
      },
      add: (videos) => append(videos.map(clipFromVideo)),
      insert: append,
      replace: (key, video) => {
        swap(key, (clip) => withVideo(clip, video));
        say(`Clip replaced with ${video.title}`);
      },
      addPrompts: (prompts) => append(prompts.map(clipFromPrompt)),
      changePrompt: (key, prompt, merge) =>
        swap(key, (clip) => ({ ...clip, prompt }), merge && `prompt ${key} ${merge}`),
      change: (key, change, merge) => swap(key, (clip) => ({ ...clip, ...change }), merge && `change ${key} ${merge}`),
      askReplace: setReplacing,
    };
  }, [editor]);

  return {
    selected: selection.last,
    selection: selection.keys,
    replacing,
    stopReplacing: () => setReplacing(null),
    announcement,
    actions,
  };
}

const named = (clips: readonly DraftClip[]): string =>
  clips.length === 1 ? titleOf(clips[0]!) : count(clips.length, "clip");
