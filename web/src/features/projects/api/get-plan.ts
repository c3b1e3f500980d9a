import { queryOptions } from "@tanstack/react-query";
import { planProject as request } from "@/gen";
import { unwrap } from "@/lib/api";
import { projectKeys } from "./keys";

/** What a stitch of this version would copy and encode; the plan of an older version is kept until the new one arrives. */
export const planQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: projectKeys.plan(id, version),
    queryFn: ({ signal }) => unwrap(request({ path: { project_id: id }, signal })),
    staleTime: 60_000,
    retry: false,
    placeholderData: (before) => before,
  });
