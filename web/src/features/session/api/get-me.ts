import { queryOptions } from "@tanstack/react-query";
import { me } from "@/gen";
import { answer } from "@/lib/api";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => answer(me({ signal })),
  staleTime: 60_000,
});
