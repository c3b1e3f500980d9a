import { infiniteQueryOptions } from "@tanstack/react-query";
import { listDeliveries } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export const deliveriesQuery = (webhookId: string) =>
  infiniteQueryOptions({
    queryKey: webhookKeys.deliveries(webhookId),
    queryFn: ({ pageParam, signal }) =>
      unwrap(listDeliveries({ path: { webhook_id: webhookId }, query: { limit: 20, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((each) => each.state === "pending" && each.attempts === 0))
        ? 1_500
        : 15_000,
  });
