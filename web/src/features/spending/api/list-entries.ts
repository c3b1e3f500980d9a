import { infiniteQueryOptions } from "@tanstack/react-query";
import { listSpendingEntries } from "@/gen";
import { unwrap } from "@/lib/api";

/** Entries of the ledger, newest first. */
export const entriesQuery = (from: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["spending", "entries", from],
    queryFn: ({ pageParam, signal }) =>
      unwrap(listSpendingEntries({ query: { from, limit: 30, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** The address of the same as a file. */
export const entriesFile = (from: string | undefined): string =>
  `/api/v1/spending/entries?${new URLSearchParams({ format: "csv", ...(from ? { from } : {}) })}`;
