import { queryOptions } from "@tanstack/react-query";
import { me } from "@/gen";
import { unwrap } from "@/lib/api";
import { nowIs } from "@/lib/person";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const found = await unwrap(me({ signal }));
    nowIs(found.user.id);
    return found;
  },
  staleTime: 60_000,
});
