import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  changeRetentionPolicy,
  createRetentionPolicy,
  deleteRetentionPolicy,
  type PolicyChanges,
  type PolicyInput,
  type RetentionPolicy,
} from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";
import { retentionKeys } from "./keys";

/** Add a policy, or change one that there is. */
export function useSavePolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ policy, body }: { policy: RetentionPolicy | null; body: PolicyInput | PolicyChanges }) =>
      policy
        ? unwrap(changeRetentionPolicy({ path: { policy_id: policy.id }, body, headers: ifMatch(policy.version) }))
        : unwrap(createRetentionPolicy({ body })),
    onSettled: () => client.invalidateQueries({ queryKey: retentionKeys.all }),
  });
}

export function useDeletePolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(deleteRetentionPolicy({ path: { policy_id: id } })),
    onSettled: () => client.invalidateQueries({ queryKey: retentionKeys.all }),
  });
}
