import { queryOptions } from "@tanstack/react-query";
import { getSystem } from "@/gen";
import { answer } from "@/lib/api";

/** The installation as it is now, asked again while it is looked at. */
export const systemQuery = queryOptions({
  queryKey: ["system"] as const,
  queryFn: ({ signal }) => answer(getSystem({ signal })),
  refetchInterval: 5_000,
});
