import { queryOptions } from "@tanstack/react-query";
import { getSystem } from "@/gen";
import { unwrap } from "@/lib/api";

/** The live state of the installation, polled while shown. */
export const systemQuery = queryOptions({
  queryKey: ["system"] as const,
  queryFn: ({ signal }) => unwrap(getSystem({ signal })),
  refetchInterval: 5_000,
});
