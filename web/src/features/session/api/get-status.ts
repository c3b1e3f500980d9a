import { queryOptions } from "@tanstack/react-query";
import { getStatus } from "@/gen";
import { unwrap } from "@/lib/api";

/** The public status: whether setup is required, and whether this browser is signed in. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => unwrap(getStatus({ signal })),
  staleTime: 60_000,
});
