import { queryOptions } from "@tanstack/react-query";
import { listSteps } from "@/gen";
import { unwrap } from "@/lib/api";
import { jobKeys } from "./keys";

export const jobStepsQuery = (id: string) =>
  queryOptions({
    queryKey: jobKeys.steps(id),
    queryFn: ({ signal }) => unwrap(listSteps({ path: { job_id: id }, signal })),
  });
