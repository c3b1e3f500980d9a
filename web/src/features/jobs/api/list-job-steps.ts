import { queryOptions } from "@tanstack/react-query";
import type { JobStep } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { jobKeys } from "./keys";

export const jobStepsQuery = (id: string) =>
  queryOptions({
    queryKey: jobKeys.steps(id),
    queryFn: ({ signal }) => call<{ items: JobStep[] }>("GET", urls.jobSteps(id), { signal }),
  });
