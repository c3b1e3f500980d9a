import { queryOptions, useQuery } from "@tanstack/react-query";
import { listKinds } from "@/gen";
import { unwrap } from "@/lib/api";

/** The job kinds of this server, constant while it runs. */
export const kindsQuery = queryOptions({
  queryKey: ["job-kinds"] as const,
  queryFn: async ({ signal }) => (await unwrap(listKinds({ signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** The title of a job kind, by its name. */
export function useKindWord(): (kind: string) => string {
  const { data = [] } = useQuery(kindsQuery);
  return (kind) => data.find((each) => each.kind === kind)?.title ?? kind.slice(0, 1).toUpperCase() + kind.slice(1);
}
