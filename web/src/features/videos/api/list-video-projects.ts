import { queryOptions } from "@tanstack/react-query";
import type { ProjectRef } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { videoKeys } from "./keys";

export const videoProjectsQuery = (id: string) =>
  queryOptions({
    queryKey: videoKeys.projects(id),
    queryFn: ({ signal }) => call<{ items: ProjectRef[] }>("GET", urls.videoProjects(id), { signal }),
  });
