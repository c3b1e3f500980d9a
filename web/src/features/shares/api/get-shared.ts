import { queryOptions } from "@tanstack/react-query";
import { getShared } from "@/gen";
import { answer } from "@/lib/api";
import { shareKeys } from "./keys";

/** What a share link leads to, asked without a session. */
export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: shareKeys.shared(token),
    queryFn: ({ signal }) => answer(getShared({ path: { token }, signal })),
    staleTime: Number.POSITIVE_INFINITY, // its addresses of pictures would change under the player
  });
