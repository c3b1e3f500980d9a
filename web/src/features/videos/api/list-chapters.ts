import { queryOptions } from "@tanstack/react-query";
import { listChapters } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

export const chaptersQuery = (id: string) =>
  queryOptions({
    queryKey: [...videoKeys.one(id), "chapters"],
    queryFn: ({ signal }) => unwrap(listChapters({ path: { video_id: id }, signal })),
  });
