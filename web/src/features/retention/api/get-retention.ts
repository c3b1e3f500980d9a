import { queryOptions } from "@tanstack/react-query";
import { getRetention } from "@/gen";
import { unwrap } from "@/lib/api";
import { retentionKeys } from "./keys";

/** Free space, the trash and pending deletions, polled while shown. */
export const retentionQuery = queryOptions({
  queryKey: retentionKeys.state,
  queryFn: ({ signal }) => unwrap(getRetention({ signal })),
  refetchInterval: 10_000,
});
