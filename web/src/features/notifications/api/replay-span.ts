import { useMutation, useQueryClient } from "@tanstack/react-query";
import { replayDeliveries } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export function useReplaySpan(webhookId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sinceS: number) =>
      unwrap(
        replayDeliveries({
          path: { webhook_id: webhookId },
          body: { since: new Date(Date.now() - sinceS * 1000).toISOString() },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.deliveries(webhookId) }),
  });
}
