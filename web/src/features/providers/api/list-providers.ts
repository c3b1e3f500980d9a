import { queryOptions } from "@tanstack/react-query";
import { listProviders } from "@/gen";
import { unwrap } from "@/lib/api";
import { providerKeys } from "./keys";

export const providersQuery = queryOptions({
  queryKey: providerKeys.all,
  queryFn: ({ signal }) => unwrap(listProviders({ signal })),
  refetchInterval: 60_000,
});
