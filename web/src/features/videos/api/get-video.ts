import { queryOptions } from "@tanstack/react-query";
import { getVideo } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

export const videoQuery = (id: string) =>
  queryOptions({
    queryKey: videoKeys.one(id),
    queryFn: ({ signal }) => unwrap(getVideo({ path: { video_id: id }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === "preparing" ? 2_000 : false),
  });
