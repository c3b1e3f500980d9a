import { queryOptions } from "@tanstack/react-query";
import { listRetentionPolicies } from "@/gen";
import { unwrap } from "@/lib/api";
import { retentionKeys } from "./keys";

export const policiesQuery = queryOptions({
  queryKey: retentionKeys.policies,
  queryFn: ({ signal }) => unwrap(listRetentionPolicies({ signal })),
});
