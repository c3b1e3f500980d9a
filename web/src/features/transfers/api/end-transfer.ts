import { useMutation, useQueryClient } from "@tanstack/react-query";
import { endTransfer, type Viewing } from "@/gen";
import { isStatus, unwrap } from "@/lib/api";
import { transferKeys } from "./list-viewings";

/** Ends every active transfer of a viewing; one that has just ended is fine. */
export function useEndViewing() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ transfers }: Viewing) => {
      const active = transfers.filter((transfer) => transfer.state === "active");
      await Promise.all(
        active.map((transfer) => unwrap(endTransfer({ path: { transfer_id: transfer.id } })).catch(passOver404)),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: transferKeys.all }),
  });
}

const passOver404 = (error: unknown): void => {
  if (!isStatus(error, 404)) throw error;
};
