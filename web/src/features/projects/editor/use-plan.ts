import { useQuery } from "@tanstack/react-query";
import type { Project, ProjectPlan } from "@/gen";
import { planQuery } from "../api/get-plan";

export type Planned = { plan: ProjectPlan; of: (index: number) => ProjectPlan["clips"][number] | undefined; old: boolean } | null;

/** The plan of the saved project; null while there is none to show, as when a clip cannot be stitched. */
export function usePlan(project: Project, version: number, wanted: boolean): Planned {
  const { data, isError, isPlaceholderData } = useQuery({ ...planQuery(project.id, version), enabled: wanted });
  if (!data || !wanted || isError) return null;
  return { plan: data, of: (index) => data.clips[index], old: isPlaceholderData };
}
