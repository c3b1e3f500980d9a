import { queryOptions } from "@tanstack/react-query";
import { previewDeletion } from "@/gen";
import { unwrap } from "@/lib/api";

/** The effects of deleting these videos. Never cached. */
export const deletionQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["deletion", ids],
    queryFn: ({ signal }) => unwrap(previewDeletion({ body: { ids: [...ids] }, signal })),
    staleTime: 0,
    gcTime: 0,
  });
