import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeMe } from "@/gen";
import { unwrap } from "@/lib/api";
import { meQuery } from "./get-me";

export type MeChange = { name?: string; password?: string; current_password?: string };

export function useUpdateMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: MeChange) => unwrap(changeMe({ body })),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}
