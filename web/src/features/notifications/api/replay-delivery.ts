import { useMutation, useQueryClient } from "@tanstack/react-query";
import { replayDelivery } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export function useReplayDelivery(webhookId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(replayDelivery({ path: { webhook_id: webhookId, delivery_id: id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.deliveries(webhookId) }),
  });
}
