import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revokeKey } from "@/gen";
import { unwrap } from "@/lib/api";
import { peopleKeys } from "./keys";

export function useRevokeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(revokeKey({ path: { key_id: id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.keys }),
  });
}
