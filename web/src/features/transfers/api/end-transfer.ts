import { useMutation, useQueryClient } from "@tanstack/react-query";
import { endTransfer } from "@/gen";
import { answer } from "@/lib/api";
import { transferKeys } from "./list-transfers";

export function useEndTransfer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(endTransfer({ path: { transfer_id: id } })),
    onSettled: () => client.invalidateQueries({ queryKey: transferKeys.all }),
  });
}
