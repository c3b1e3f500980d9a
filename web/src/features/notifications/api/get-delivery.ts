import { queryOptions } from "@tanstack/react-query";
import { type Delivery, getDelivery } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

/** A delivery with its attempts, read again after each. */
export const deliveryQuery = (webhookId: string, delivery: Delivery) =>
  queryOptions({
    queryKey: [...webhookKeys.delivery(webhookId, delivery.id), delivery.state, delivery.attempts],
    queryFn: ({ signal }) => unwrap(getDelivery({ path: { webhook_id: webhookId, delivery_id: delivery.id }, signal })),
  });
