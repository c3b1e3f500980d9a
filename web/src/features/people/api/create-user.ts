import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createUser, type User } from "@/gen";
import { unwrap } from "@/lib/api";
import { peopleKeys } from "./keys";

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string; role: User["role"]; name?: string }) =>
      unwrap(createUser({ body })),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.users }),
  });
}
