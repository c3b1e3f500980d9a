import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Role, User } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { peopleKeys } from "./keys";

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string; role: Role; name?: string }) => call<User>("POST", urls.users, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.users }),
  });
}
