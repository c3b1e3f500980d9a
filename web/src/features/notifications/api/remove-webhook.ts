import { useMutation, useQueryClient } from "@tanstack/react-query";
import { removeWebhook } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export function useRemoveWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(removeWebhook({ path: { webhook_id: id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.all }),
  });
}
