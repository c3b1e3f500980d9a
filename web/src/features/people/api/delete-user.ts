import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteUser } from "@/gen";
import { unwrap } from "@/lib/api";
import { peopleKeys } from "./keys";

export function useDeleteUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(deleteUser({ path: { user_id: id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.users }),
  });
}
