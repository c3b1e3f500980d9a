import { useMemo } from "react";
import type { Project, Take } from "@/gen";
import type { DraftClip } from "./draft";
import type { ProjectEditor } from "./project-editor";

export type TakesOf = (clip: Pick<DraftClip, "key">) => readonly Take[];

const NONE: readonly Take[] = [];

/** The takes of each clip, newest first. They are facts of the server, so they are not part of what is edited. */
export function useTakes(project: Project, editor: ProjectEditor): TakesOf {
  return useMemo(() => {
    const byId = new Map(project.clips.map(({ id, takes }) => [id, takes]));
    return ({ key }) => byId.get(editor.idOf(key) ?? "") ?? NONE;
  }, [project, editor]);
}
