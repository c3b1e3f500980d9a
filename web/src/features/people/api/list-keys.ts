import { queryOptions } from "@tanstack/react-query";
import { listKeys } from "@/gen";
import { unwrap } from "@/lib/api";
import { peopleKeys } from "./keys";

export const keysQuery = queryOptions({
  queryKey: peopleKeys.keys,
  queryFn: ({ signal }) => unwrap(listKeys({ query: { limit: 100 }, signal })),
});
