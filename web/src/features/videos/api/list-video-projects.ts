import { queryOptions } from "@tanstack/react-query";
import { listProjectsOfVideo } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

export const videoProjectsQuery = (id: string) =>
  queryOptions({
    queryKey: videoKeys.projects(id),
    queryFn: ({ signal }) => unwrap(listProjectsOfVideo({ path: { video_id: id }, signal })),
  });
