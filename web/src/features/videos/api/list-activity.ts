import { infiniteQueryOptions } from "@tanstack/react-query";
import { listActivity } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

export const activityQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...videoKeys.one(id), "activity"],
    queryFn: ({ pageParam, signal }) =>
      unwrap(listActivity({ path: { video_id: id }, query: { cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 10_000,
  });
