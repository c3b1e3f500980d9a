import { queryOptions } from "@tanstack/react-query";
import { getJob } from "@/gen";
import { unwrap } from "@/lib/api";
import { jobKeys } from "./keys";

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: jobKeys.one(id),
    queryFn: ({ signal }) => unwrap(getJob({ path: { job_id: id }, signal })),
  });
