import { queryOptions } from "@tanstack/react-query";
import { getSharing } from "@/gen";
import { answer } from "@/lib/api";

/** How far links reach and which sites may embed: by settings, so it stays the same until the server starts anew. */
export const sharingQuery = queryOptions({
  queryKey: ["sharing"] as const,
  queryFn: ({ signal }) => answer(getSharing({ signal })),
  staleTime: 60_000,
});
