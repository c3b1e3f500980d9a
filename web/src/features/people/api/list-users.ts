import { queryOptions } from "@tanstack/react-query";
import { listUsers } from "@/gen";
import { answer } from "@/lib/api";
import { peopleKeys } from "./keys";

export const usersQuery = queryOptions({
  queryKey: peopleKeys.users,
  queryFn: ({ signal }) => answer(listUsers({ query: { limit: 100 }, signal })),
});
