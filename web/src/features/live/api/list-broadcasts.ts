import { infiniteQueryOptions } from "@tanstack/react-query";
import { listBroadcasts } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

export const broadcastsQuery = (channelId: string) =>
  infiniteQueryOptions({
    queryKey: liveKeys.broadcasts(channelId),
    queryFn: ({ pageParam, signal }) =>
      unwrap(listBroadcasts({ path: { channel_id: channelId }, query: { limit: 20, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 15_000,
  });
