import { queryOptions } from "@tanstack/react-query";
import { getRetentionPlan } from "@/gen";
import { unwrap } from "@/lib/api";
import { retentionKeys } from "./keys";

/** The dry run: read when it is asked for, since it looks at the whole library. */
export const planQuery = queryOptions({
  queryKey: retentionKeys.plan,
  queryFn: ({ signal }) => unwrap(getRetentionPlan({ signal })),
  enabled: false,
});
