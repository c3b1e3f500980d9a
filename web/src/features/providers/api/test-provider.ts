import { useMutation, useQueryClient } from "@tanstack/react-query";
import { testProvider } from "@/gen";
import { unwrap } from "@/lib/api";
import { providerKeys } from "./keys";

export function useTestProvider() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(testProvider({ path: { name } })),
    onSettled: () => client.invalidateQueries({ queryKey: providerKeys.all }),
  });
}
