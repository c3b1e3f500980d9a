import { queryOptions } from "@tanstack/react-query";
import type { Page, User } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { peopleKeys } from "./keys";

export const usersQuery = queryOptions({
  queryKey: peopleKeys.users,
  queryFn: ({ signal }) => call<Page<User>>("GET", urls.users, { query: { limit: 200 }, signal }),
});
