import { infiniteQueryOptions } from "@tanstack/react-query";
import { type ListRecordingsData, listRecordings } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

export type RecordingFilters = Pick<NonNullable<ListRecordingsData["query"]>, "state" | "channel_id">;

export const recordingsQuery = (filters: RecordingFilters) =>
  infiniteQueryOptions({
    queryKey: liveKeys.recordingList(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(listRecordings({ query: { ...filters, limit: 30, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((item) => ["recording", "finalising"].includes(item.state)))
        ? 2_500
        : 15_000,
  });
