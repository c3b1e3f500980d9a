import { queryOptions } from "@tanstack/react-query";
import { listWorkers } from "@/gen";
import { unwrap } from "@/lib/api";
import { jobKeys } from "./keys";

/** Worker availability, polled more often while there is no worker. */
export const workersQuery = queryOptions({
  queryKey: jobKeys.workers,
  queryFn: ({ signal }) => unwrap(listWorkers({ signal })),
  refetchInterval: (query) => (query.state.data?.problem ? 3_000 : 10_000),
});
