import { timecode } from "@/lib/format";
import type { Marker } from "./effects";
import type { ProjectEditor } from "./project-editor";

export type MarkerActions = {
  /** Add a marker at a time of the reel; one that is there stays. */
  mark: (at: number) => void;
  /** Rename a marker; null removes it. */
  nameMarker: (at: number, text: string | null) => void;
};

const NEAR_S = 0.01; // closer times are one marker

export function markerActions(editor: ProjectEditor, say: (words: string) => void): MarkerActions {
  const edit = (change: (markers: readonly Marker[]) => readonly Marker[], merge?: string) =>
    editor.edit(
      (draft) => ({ ...draft, edit: { ...draft.edit, markers: change(draft.edit.markers) } }),
      merge && `marker ${merge}`,
    );
  return {
    mark: (at) => {
      const { markers } = editor.state.get().draft.edit;
      const found = markerAt(markers, at);
      if (found) return say(`${wordsOf(found)} is here`);
      const marker = { at_s: Math.round(at * 1000) / 1000, text: `Marker ${markers.length + 1}` };
      edit((all) => [...all, marker].sort((a, b) => a.at_s - b.at_s));
      say(`${marker.text} added at ${timecode(at)}`);
    },
    nameMarker: (at, text) => {
      const keep = (marker: Marker) => marker !== markerAt(editor.state.get().draft.edit.markers, at);
      edit(
        (all) => all.flatMap((each) => (keep(each) ? [each] : text === null ? [] : [{ ...each, text }])),
        text === null ? undefined : `${at}`,
      );
      if (text === null) say("Marker removed");
    },
  };
}

export const markerAt = (markers: readonly Marker[], at: number): Marker | undefined =>
  markers.find(({ at_s }) => Math.abs(at_s - at) < NEAR_S);

export const wordsOf = ({ text, at_s }: Marker): string => text || `Marker at ${timecode(at_s)}`;

/** The next time of some after one, or the one before it; null at the end of the row. */
export function neighbour(times: readonly number[], at: number, direction: 1 | -1): number | null {
  const beyond = times.filter((time) => (time - at) * direction > NEAR_S);
  if (beyond.length === 0) return null;
  return direction > 0 ? Math.min(...beyond) : Math.max(...beyond);
}
