import { queryOptions } from "@tanstack/react-query";
import { listUploads } from "@/gen";
import { answer } from "@/lib/api";

/** The user's own unfinished uploads. */
export const uploadsQuery = queryOptions({
  queryKey: ["uploads"],
  queryFn: ({ signal }) => answer(listUploads({ signal, query: { limit: 200 } })),
  staleTime: 60_000,
});
