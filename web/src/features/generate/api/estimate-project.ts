import { queryOptions } from "@tanstack/react-query";
import { estimateProject as request } from "@/gen";
import { unwrap } from "@/lib/api";
import { generateKeys } from "./keys";

/** The price of a take of each clip of a saved version; that of an older version is kept until the new one arrives. */
export const estimateQuery = (projectId: string, version: number, clipIds: string[]) =>
  queryOptions({
    queryKey: [...generateKeys.estimate(projectId, version), clipIds],
    queryFn: ({ signal }) => unwrap(request({ path: { project_id: projectId }, body: { clip_ids: clipIds }, signal })),
    enabled: clipIds.length > 0,
    staleTime: 60_000,
    retry: false,
    placeholderData: (before) => before,
  });
