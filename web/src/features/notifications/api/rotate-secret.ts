import { useMutation, useQueryClient } from "@tanstack/react-query";
import { rotateWebhookSecret } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export function useRotateSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(rotateWebhookSecret({ path: { webhook_id: id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.all }),
  });
}
