import { queryOptions } from "@tanstack/react-query";
import type { Video } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { videoKeys } from "./keys";

export const videoQuery = (id: string) =>
  queryOptions({
    queryKey: videoKeys.one(id),
    queryFn: ({ signal }) => call<Video>("GET", urls.video(id), { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "preparing" ? 2_000 : false),
  });
