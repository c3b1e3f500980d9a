import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { NewApiKey } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { peopleKeys } from "./keys";

export function useCreateKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; scopes?: string[]; expires_in_s?: number }) => call<NewApiKey>("POST", urls.keys, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.keys }),
  });
}
