import { useMutation, useQueryClient } from "@tanstack/react-query";
import { removeProvider } from "@/gen";
import { unwrap } from "@/lib/api";
import { providerKeys } from "./keys";

export function useRemoveProvider() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(removeProvider({ path: { name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: providerKeys.all }),
  });
}
