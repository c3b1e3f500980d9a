import { infiniteQueryOptions } from "@tanstack/react-query";
import { listCampaigns } from "@/gen";
import { unwrap } from "@/lib/api";
import { campaignKeys } from "./keys";

export const campaignsQuery = infiniteQueryOptions({
  queryKey: campaignKeys.all,
  queryFn: ({ pageParam, signal }) => unwrap(listCampaigns({ query: { limit: 60, cursor: pageParam }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});
