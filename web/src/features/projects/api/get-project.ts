import { queryOptions } from "@tanstack/react-query";
import { getProject as request } from "@/gen";
import { unwrap } from "@/lib/api";
import { projectKeys } from "./keys";

export const getProject = (id: string, signal?: AbortSignal) => unwrap(request({ path: { project_id: id }, signal }));

/** Refetched whenever a view opens, so that it never shows a stale cache entry. */
export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: projectKeys.one(id),
    queryFn: ({ signal }) => getProject(id, signal),
    staleTime: 0,
    refetchOnMount: "always",
    refetchInterval: ({ state }) =>
      state.data?.clips.some((clip) => clip.video?.state === "preparing") ? 3_000 : false,
  });
