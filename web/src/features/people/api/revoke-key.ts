import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { peopleKeys } from "./keys";

export function useRevokeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<void>("DELETE", urls.key(id)),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.keys }),
  });
}
