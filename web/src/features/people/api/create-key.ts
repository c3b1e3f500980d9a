import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createKey, type Key } from "@/gen";
import { unwrap } from "@/lib/api";
import { peopleKeys } from "./keys";

export function useCreateKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; scopes?: Key["scopes"]; expires_in_s?: number }) => unwrap(createKey({ body })),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.keys }),
  });
}
