import { queryOptions } from "@tanstack/react-query";
import { type JobGroup, listGroups } from "@/gen";
import { unwrap } from "@/lib/api";
import { jobKeys } from "./keys";

export type ActiveJobs = {
  /** What the person requested, oldest first. */
  requested: JobGroup[];
  /** What runs in the background, such as the stills of new videos. */
  background: JobGroup[];
};

/** What is queued or running for the person; polled often only while there is something. */
export const activeJobsQuery = queryOptions({
  queryKey: jobKeys.active,
  queryFn: async ({ signal }): Promise<ActiveJobs> => {
    const { items } = await unwrap(listGroups({ query: { active: true, limit: 50 }, signal }));
    return {
      requested: items.filter(({ background }) => !background).reverse(),
      background: items.filter(({ background }) => background),
    };
  },
  refetchInterval: ({ state }) =>
    state.data && state.data.requested.length + state.data.background.length > 0 ? 2_500 : 20_000,
});
