import { queryOptions } from "@tanstack/react-query";
import type { Status } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

/** Public: whether the server still waits for its first admin, and whether this browser is signed in. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => call<Status>("GET", urls.status, { signal }),
  staleTime: 60_000,
});
