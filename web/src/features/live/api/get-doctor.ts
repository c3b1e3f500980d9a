import { queryOptions } from "@tanstack/react-query";
import { examineDetection } from "@/gen";
import { unwrap } from "@/lib/api";

/** What detection depends on, examined now; it takes a second or two. */
export const doctorQuery = queryOptions({
  queryKey: ["live", "doctor"] as const,
  queryFn: ({ signal }) => unwrap(examineDetection({ signal })),
  staleTime: 30_000,
});
