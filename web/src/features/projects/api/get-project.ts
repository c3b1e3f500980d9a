import { queryOptions } from "@tanstack/react-query";
import { isActiveTake } from "@/features/generate/takes";
import { type Project, getProject as request } from "@/gen";
import { unwrap } from "@/lib/api";
import { projectKeys } from "./keys";

export const getProject = (id: string, signal?: AbortSignal) => unwrap(request({ path: { project_id: id }, signal }));

/** Often while takes are under way, videos are prepared or other shapes stitched, else never. */
function pollMs(project: Project | undefined): number | false {
  if (project?.clips.some(({ takes }) => takes.some(isActiveTake)))
    return Math.min(6_000, Math.max(1_500, 10 * project.clips.length)); // a large project is a large answer
  if (project?.variants.some(({ job_state }) => job_state === "queued" || job_state === "running")) return 2_000;
  return project?.clips.some(({ video }) => video?.state === "preparing") ? 3_000 : false;
}

/** Refetched whenever a view opens, so that it never shows a stale cache entry. */
export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: projectKeys.one(id),
    queryFn: ({ signal }) => getProject(id, signal),
    staleTime: 0,
    refetchOnMount: "always",
    refetchInterval: ({ state }) => pollMs(state.data),
  });
