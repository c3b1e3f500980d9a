import { queryOptions } from "@tanstack/react-query";
import { previewDeletion } from "@/gen";
import { answer } from "@/lib/api";

/** What would go with these videos. Asked anew each time. */
export const deletionQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["deletion", ids],
    queryFn: ({ signal }) => answer(previewDeletion({ body: { ids: [...ids] }, signal })),
    staleTime: 0,
    gcTime: 0,
  });
