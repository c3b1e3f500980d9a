import { queryOptions } from "@tanstack/react-query";
import { listTags } from "@/gen";
import { unwrap } from "@/lib/api";

/** The most used tags, for choices and completion. */
export const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: ({ signal }) => unwrap(listTags({ query: { limit: 1000 }, signal })),
});
