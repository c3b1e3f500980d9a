import { useMutation, useQueryClient } from "@tanstack/react-query";
import { testWebhook } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export function useTestWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(testWebhook({ path: { webhook_id: id } })),
    onSuccess: (_, id) => client.invalidateQueries({ queryKey: webhookKeys.deliveries(id) }),
  });
}
