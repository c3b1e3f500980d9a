import { useCallback, useEffect, useRef, useState } from "react";
import type { CaptionTrackWithCues } from "@/gen";
import { isStatus } from "@/lib/api";
import { useSaveCues } from "./api/save-cues";
import { type EditedCue, edited, saved } from "./cues";

const QUIET_MS = 900;
const MOST_UNDO = 200;

export type SaveState = "saved" | "unsaved" | "saving" | "conflict" | "failed";

/** The cues of a track while they are edited: saved by themselves when typing pauses, undone one change at a time. */
export function useCues(track: CaptionTrackWithCues) {
  const [cues, setCues] = useState<EditedCue[]>(() => track.cues.map(edited));
  const [state, setState] = useState<SaveState>("saved");
  const undone = useRef<EditedCue[][]>([]);
  const version = useRef(track.version);
  const save = useSaveCues(track.video_id, track.id);
  const send = save.mutateAsync;
  const newest = useRef(cues);
  newest.current = cues;

  const flush = useCallback(async () => {
    const sent = newest.current;
    setState("saving");
    try {
      const answer = await send({ cues: saved(sent), version: version.current });
      version.current = answer.version;
      setState(newest.current === sent ? "saved" : "unsaved");
    } catch (error) {
      setState(isStatus(error, 412) ? "conflict" : "failed");
    }
  }, [send]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each change begins the pause anew
  useEffect(() => {
    if (state !== "unsaved") return;
    const timer = setTimeout(() => void flush(), QUIET_MS);
    return () => clearTimeout(timer);
  }, [state, cues, flush]);

  // what was typed last is saved when the editor closes
  const pending = useRef(false);
  pending.current = state === "unsaved";
  useEffect(() => () => void (pending.current && flush()), [flush]);

  const change = useCallback((next: EditedCue[]) => {
    undone.current = [...undone.current.slice(-MOST_UNDO), newest.current];
    setCues(next);
    setState((now) => (now === "conflict" ? now : "unsaved"));
  }, []);
  const undo = useCallback(() => {
    const before = undone.current.pop();
    if (!before) return;
    setCues(before);
    setState((now) => (now === "conflict" ? now : "unsaved"));
  }, []);
  return { cues, change, undo, state, error: save.error, retry: () => void flush() };
}
