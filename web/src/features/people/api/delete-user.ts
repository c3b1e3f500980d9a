import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { peopleKeys } from "./keys";

export function useDeleteUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<void>("DELETE", urls.user(id)),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.users }),
  });
}
