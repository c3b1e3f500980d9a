import { queryOptions } from "@tanstack/react-query";
import { listRenditions } from "@/gen";
import { answer } from "@/lib/api";
import { videoKeys } from "./keys";

export const renditionsQuery = (id: string) =>
  queryOptions({
    queryKey: videoKeys.renditions(id),
    queryFn: ({ signal }) => answer(listRenditions({ path: { video_id: id }, signal })),
    refetchInterval: ({ state }) => (state.data?.items.some((item) => item.state === "making") ? 5_000 : false),
  });
