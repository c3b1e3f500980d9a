import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type ReadSpendingData, readSpending } from "@/gen";
import { unwrap } from "@/lib/api";

export type Group = NonNullable<NonNullable<ReadSpendingData["query"]>["group"]>;

/** Sums of a span by group; `from` is inclusive. */
export const spendingQuery = (group: Group, from: string | undefined) =>
  queryOptions({
    queryKey: ["spending", group, from],
    queryFn: ({ signal }) => unwrap(readSpending({ query: { group, from }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
