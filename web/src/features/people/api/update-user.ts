import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Role, User } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { peopleKeys } from "./keys";

export type UserChange = { id: string; role?: Role; disabled?: boolean; password?: string; name?: string };

export function useUpdateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: UserChange) => call<User>("PATCH", urls.user(id), { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.users }),
  });
}
