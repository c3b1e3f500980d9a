import { queryOptions } from "@tanstack/react-query";
import { listEventTypes } from "@/gen";
import { unwrap } from "@/lib/api";
import { webhookKeys } from "./keys";

export const eventTypesQuery = queryOptions({
  queryKey: webhookKeys.types,
  queryFn: ({ signal }) => unwrap(listEventTypes({ signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
