import { queryOptions } from "@tanstack/react-query";
import type { UploadRow } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

/** The person's own uploads that did not reach their end. */
export const uploadsQuery = queryOptions({
  queryKey: ["uploads"],
  queryFn: ({ signal }) => call<{ items: UploadRow[] }>("GET", urls.uploads, { signal }),
  staleTime: 60_000,
});
