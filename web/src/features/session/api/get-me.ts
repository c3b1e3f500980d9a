import { queryOptions } from "@tanstack/react-query";
import type { Me } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => call<Me>("GET", urls.me, { signal }),
  staleTime: 60_000,
});
