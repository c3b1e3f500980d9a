import { queryOptions } from "@tanstack/react-query";
import { chaptersOf } from "@/player/use-chapters";
import type { SharedVisit } from "../shared-visit";
import { shareKeys } from "./keys";

/** The chapters of a shared video, by a signed link that ends with its share; not every video has any. */
export const sharedChaptersQuery = (visit: SharedVisit) =>
  queryOptions({
    queryKey: [...shareKeys.shared(visit.token), "chapters"],
    queryFn: async ({ signal }) => {
      const { path } = await visit.play({ kind: "chapters" });
      const answer = await fetch(path, { signal });
      return answer.ok ? chaptersOf(await answer.text()) : [];
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
