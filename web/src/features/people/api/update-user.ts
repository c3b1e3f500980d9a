import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeUser, type User } from "@/gen";
import { unwrap } from "@/lib/api";
import { peopleKeys } from "./keys";

export type UserChange = { id: string; role?: User["role"]; disabled?: boolean; password?: string; name?: string };

export function useUpdateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: UserChange) => unwrap(changeUser({ path: { user_id: id }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.users }),
  });
}
