import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createWebhook, type WebhookCreate } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export function useCreateWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookCreate) => unwrap(createWebhook({ body })),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.all }),
  });
}
