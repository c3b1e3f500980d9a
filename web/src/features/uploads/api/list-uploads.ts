import { queryOptions } from "@tanstack/react-query";
import { listUploads } from "@/gen";
import { unwrap } from "@/lib/api";

/** The user's own unfinished uploads. */
export const uploadsQuery = queryOptions({
  queryKey: ["uploads"],
  queryFn: ({ signal }) => unwrap(listUploads({ signal, query: { limit: 200 } })),
  staleTime: 60_000,
});
