import { infiniteQueryOptions } from "@tanstack/react-query";
import { listChannels } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

const RECORDING_MS = 2_500;
const IDLE_MS = 15_000;

export const channelsQuery = (search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: liveKeys.list(search),
    queryFn: ({ pageParam, signal }) =>
      unwrap(listChannels({ query: { search, limit: 50, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((item) => item.recordings.length > 0)) ? RECORDING_MS : IDLE_MS,
  });
