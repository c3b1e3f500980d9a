import { queryOptions } from "@tanstack/react-query";
import { getChannel } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: liveKeys.channel(id),
    queryFn: ({ signal }) => unwrap(getChannel({ path: { channel_id: id }, signal })),
    refetchInterval: ({ state }) => (state.data?.recordings.length ? 2_500 : 15_000),
  });
