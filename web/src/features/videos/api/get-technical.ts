import { queryOptions } from "@tanstack/react-query";
import { getTechnical } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

export const technicalQuery = (id: string) =>
  queryOptions({
    queryKey: [...videoKeys.one(id), "technical"],
    queryFn: ({ signal }) => unwrap(getTechnical({ path: { video_id: id }, signal })),
  });
