import { queryOptions } from "@tanstack/react-query";
import type { Job } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { jobKeys } from "./keys";

export const jobQuery = (id: string) =>
  queryOptions({ queryKey: jobKeys.one(id), queryFn: ({ signal }) => call<Job>("GET", urls.job(id), { signal }) });
