import { useQuery } from "@tanstack/react-query";
import type { PlannedClip, Project, ProjectPlan } from "@/gen";
import { planQuery } from "../api/get-plan";
import type { DraftClip } from "./draft";
import type { ProjectEditor } from "./project-editor";

export type Planned = { plan: ProjectPlan; of: (clip: DraftClip) => PlannedClip | undefined; old: boolean } | null;

/** The stitch plan of the saved project; null while there is none, as when a clip cannot be stitched. */
export function usePlan(project: Project, version: number, editor: ProjectEditor, wanted: boolean): Planned {
  const { data, isError, isPlaceholderData } = useQuery({ ...planQuery(project.id, version), enabled: wanted });
  if (!data || !wanted || isError) return null;
  const byId = new Map(data.clips.map((clip) => [clip.clip_id, clip]));
  return { plan: data, of: ({ key }) => byId.get(editor.idOf(key) ?? ""), old: isPlaceholderData };
}
