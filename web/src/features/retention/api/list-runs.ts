import { queryOptions } from "@tanstack/react-query";
import { listRetentionHistory, listRetentionRuns } from "@/gen";
import { unwrap } from "@/lib/api";
import { retentionKeys } from "./keys";

/** The last runs. */
export const runsQuery = queryOptions({
  queryKey: retentionKeys.runs,
  queryFn: ({ signal }) => unwrap(listRetentionRuns({ query: { limit: 10 }, signal })),
  refetchInterval: 10_000,
});

/** The last videos that were deleted or restored. */
export const historyQuery = queryOptions({
  queryKey: retentionKeys.history,
  queryFn: ({ signal }) => unwrap(listRetentionHistory({ query: { limit: 50 }, signal })),
  refetchInterval: 10_000,
});
