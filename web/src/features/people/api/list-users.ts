import { queryOptions } from "@tanstack/react-query";
import { listUsers } from "@/gen";
import { unwrap } from "@/lib/api";
import { peopleKeys } from "./keys";

export const usersQuery = queryOptions({
  queryKey: peopleKeys.users,
  queryFn: ({ signal }) => unwrap(listUsers({ query: { limit: 100 }, signal })),
});
