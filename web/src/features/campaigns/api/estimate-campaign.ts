import { queryOptions } from "@tanstack/react-query";
import { estimateCampaign } from "@/gen";
import { unwrap } from "@/lib/api";
import { campaignKeys } from "./keys";

/** What generating the clips without a video would cost, asked anew each time. */
export const estimateQuery = (id: string) =>
  queryOptions({
    queryKey: campaignKeys.estimate(id),
    queryFn: ({ signal }) => unwrap(estimateCampaign({ path: { campaign_id: id }, body: {}, signal })),
    gcTime: 0,
    staleTime: 0,
  });
