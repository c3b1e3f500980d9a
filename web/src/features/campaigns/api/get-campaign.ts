import { queryOptions } from "@tanstack/react-query";
import { type Campaign, getCampaign } from "@/gen";
import { unwrap } from "@/lib/api";
import { campaignKeys } from "./keys";

/** Whether something of a campaign changes by itself. */
export const isMoving = ({ active_job, statuses }: Pick<Campaign, "active_job" | "statuses">): boolean =>
  active_job !== null || Boolean(statuses.generating || statuses.stitching);

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: campaignKeys.one(id),
    queryFn: ({ signal }) => unwrap(getCampaign({ path: { campaign_id: id }, signal })),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? 2_000 : false),
  });
