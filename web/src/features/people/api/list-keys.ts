import { queryOptions } from "@tanstack/react-query";
import type { ApiKey, Page } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { peopleKeys } from "./keys";

export const keysQuery = queryOptions({
  queryKey: peopleKeys.keys,
  queryFn: ({ signal }) => call<Page<ApiKey>>("GET", urls.keys, { query: { limit: 200 }, signal }),
});
