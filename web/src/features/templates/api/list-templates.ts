import { infiniteQueryOptions } from "@tanstack/react-query";
import { listTemplates } from "@/gen";
import { unwrap } from "@/lib/api";
import { templateKeys } from "./keys";

export const templatesQuery = infiniteQueryOptions({
  queryKey: templateKeys.all,
  queryFn: ({ pageParam, signal }) => unwrap(listTemplates({ query: { limit: 60, cursor: pageParam }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});
