import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { meQuery } from "./get-me";

export type MeChange = { name?: string; password?: string; current_password?: string };

export function useUpdateMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: MeChange) => call<unknown>("PATCH", urls.me, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}
