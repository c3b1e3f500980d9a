import { queryOptions } from "@tanstack/react-query";
import { getProject as request } from "@/gen";
import { answer } from "@/lib/api";
import { projectKeys } from "./keys";

export const getProject = (id: string, signal?: AbortSignal) => answer(request({ path: { project_id: id }, signal }));

/** Always asked anew when a view opens, so that what it shows is the truth and not a memory. */
export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: projectKeys.one(id),
    queryFn: ({ signal }) => getProject(id, signal),
    staleTime: 0,
    refetchOnMount: "always",
    refetchInterval: ({ state }) =>
      state.data?.clips.some((clip) => clip.video?.state === "preparing") ? 3_000 : false,
  });
