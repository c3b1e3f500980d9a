import { queryOptions } from "@tanstack/react-query";
import { listWebhooks } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export const webhooksQuery = queryOptions({
  queryKey: webhookKeys.all,
  queryFn: ({ signal }) => unwrap(listWebhooks({ query: { limit: 100 }, signal })),
  refetchInterval: 30_000,
});
