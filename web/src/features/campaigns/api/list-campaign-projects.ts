import { infiniteQueryOptions } from "@tanstack/react-query";
import { projectKeys } from "@/features/projects/api/keys";
import { listProjects } from "@/gen";
import { unwrap } from "@/lib/api";

/** Projects of a campaign in the order of their rows; *moving* while something of them changes by itself. */
export const campaignProjectsQuery = (campaignId: string, moving: boolean) =>
  infiniteQueryOptions({
    queryKey: projectKeys.list({ campaign_id: campaignId }),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listProjects({ query: { campaign_id: campaignId, sort: "created_at", limit: 60, cursor: pageParam }, signal }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: moving ? 2_500 : false,
  });
