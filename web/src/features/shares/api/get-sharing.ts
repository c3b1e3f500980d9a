import { queryOptions } from "@tanstack/react-query";
import { getSharing } from "@/gen";
import { unwrap } from "@/lib/api";

/** The reach of links and the sites that can embed; constant until the server restarts. */
export const sharingQuery = queryOptions({
  queryKey: ["sharing"] as const,
  queryFn: ({ signal }) => unwrap(getSharing({ signal })),
  staleTime: 60_000,
});
