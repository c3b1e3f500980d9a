import { useMemo, useState } from "react";
import type { Prompt } from "@/gen";
import {
  clipFromPrompt,
  clipFromVideo,
  type DraftClip,
  type EditedVideo,
  endOf,
  moved,
  newKey,
  titleOf,
  trimmed,
  withVideo,
} from "./draft";
import type { ProjectEditor } from "./project-editor";

export type ClipActions = {
  select: (key: string | null) => void;
  move: (key: string, by: number) => void;
  place: (key: string, to: number) => void;
  trim: (key: string, change: { start?: number; end?: number }) => void;
  remove: (key: string) => void;
  duplicate: (key: string) => void;
  add: (videos: EditedVideo[]) => void;
  replace: (key: string, video: EditedVideo) => void;
  addPrompts: (prompts: Prompt[]) => void;
  /** `merge` groups edits of one field into one undo step. */
  changePrompt: (key: string, prompt: Prompt, merge?: string) => void;
  askReplace: (key: string) => void;
};

/** The edits of clips, with announcements for screen readers. */
export function useClipActions(editor: ProjectEditor) {
  const [selected, setSelected] = useState<string | null>(null);
  const [replacing, setReplacing] = useState<string | null>(null);
  const [announcement, setAnnouncement] = useState("");

  const actions = useMemo<ClipActions>(() => {
    const clips = () => editor.state.get().draft.clips;
    const at = (key: string) => clips().findIndex((clip) => clip.key === key);
    const edit = (change: (clips: readonly DraftClip[]) => readonly DraftClip[], merge?: string) =>
      editor.edit((draft) => {
        const next = change(draft.clips);
        return next === draft.clips ? draft : { ...draft, clips: next };
      }, merge);
    const swap = (key: string, change: (clip: DraftClip) => DraftClip, merge?: string) =>
      edit((all) => all.map((clip) => (clip.key === key ? change(clip) : clip)), merge);
    const place = (key: string, to: number) => {
      const from = at(key);
      const clip = clips()[from];
      if (!clip || to < 0 || to >= clips().length || from === to) return;
      setSelected(key); // first: a moved clip that was shown only for being the first stays on the stage
      edit((all) => moved(all, from, to));
      setAnnouncement(`${titleOf(clip)} moved to position ${to + 1} of ${clips().length}`);
    };
    return {
      select: setSelected,
      place,
      move: (key, by) => place(key, at(key) + by),
      trim: (key, { start, end }) =>
        swap(
          key,
          (clip) => trimmed(clip, start ?? clip.start_s, end ?? endOf(clip), end === undefined ? "start" : "end"),
          `trim ${key} ${end === undefined ? "in" : "out"}`,
        ),
      remove: (key) => {
        const index = at(key);
        const clip = clips()[index];
        if (!clip) return;
        edit((all) => all.filter((each) => each.key !== key));
        setSelected(clips()[Math.min(index, clips().length - 1)]?.key ?? null);
        setAnnouncement(`${titleOf(clip)} removed, ${clips().length} left`);
      },
      duplicate: (key) => {
        const copy = newKey();
        edit((all) => all.flatMap((clip) => (clip.key === key ? [clip, { ...clip, key: copy }] : [clip])));
        setSelected(copy);
        setAnnouncement("Clip duplicated");
      },
      add: (videos) => {
        const fresh = videos.map(clipFromVideo);
        edit((all) => [...all, ...fresh]);
        setSelected(fresh[0]?.key ?? null);
        setAnnouncement(`${videos.length} added, ${clips().length} clips now`);
      },
      replace: (key, video) => {
        swap(key, (clip) => withVideo(clip, video));
        setAnnouncement(`Clip replaced with ${video.title}`);
      },
      addPrompts: (prompts) => {
        const fresh = prompts.map(clipFromPrompt);
        edit((all) => [...all, ...fresh]);
        setSelected(fresh[0]?.key ?? null);
        setAnnouncement(`${prompts.length} added, ${clips().length} clips now`);
      },
      changePrompt: (key, prompt, merge) =>
        swap(key, (clip) => ({ ...clip, prompt }), merge && `prompt ${key} ${merge}`),
      askReplace: setReplacing,
    };
  }, [editor]);

  return { selected, replacing, stopReplacing: () => setReplacing(null), announcement, actions };
}
