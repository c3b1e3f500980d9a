import { queryOptions } from "@tanstack/react-query";
import { me } from "@/gen";
import { answer } from "@/lib/api";
import { nowIs } from "@/lib/person";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const found = await answer(me({ signal }));
    nowIs(found.user.id);
    return found;
  },
  staleTime: 60_000,
});
