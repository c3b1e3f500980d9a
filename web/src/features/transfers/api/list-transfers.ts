import { queryOptions } from "@tanstack/react-query";
import { listTransfers, type TransferShape } from "@/gen";
import { answer } from "@/lib/api";

export type Transfer = TransferShape;

export const transferKeys = { all: ["transfers"] as const };

/** The bodies that are on their way, or the last that ended; asked again while they are looked at. */
export const transfersQuery = (state: Transfer["state"]) =>
  queryOptions({
    queryKey: [...transferKeys.all, state],
    queryFn: ({ signal }) => answer(listTransfers({ query: { state }, signal })),
    refetchInterval: state === "active" ? 1_500 : 5_000,
  });
