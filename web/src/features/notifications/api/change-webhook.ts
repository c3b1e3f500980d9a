import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeWebhook, type Webhook, type WebhookChanges } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export function useChangeWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ webhook, changes }: { webhook: Webhook; changes: WebhookChanges }) =>
      unwrap(changeWebhook({ path: { webhook_id: webhook.id }, body: changes, headers: ifMatch(webhook.version) })),
    onSettled: () => client.invalidateQueries({ queryKey: webhookKeys.all }),
  });
}
