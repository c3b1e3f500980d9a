import { queryOptions } from "@tanstack/react-query";
import { getStorage } from "@/gen";
import { unwrap } from "@/lib/api";

export const storageQuery = (mine: boolean) =>
  queryOptions({
    queryKey: ["storage", mine],
    queryFn: ({ signal }) => unwrap(getStorage({ query: { mine }, signal })),
  });
