import { queryOptions } from "@tanstack/react-query";
import { getShared } from "@/gen";
import { unwrap } from "@/lib/api";
import { shareKeys } from "./keys";

/** The target of a share link; needs no session. */
export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: shareKeys.shared(token),
    queryFn: ({ signal }) => unwrap(getShared({ path: { token }, signal })),
    staleTime: Number.POSITIVE_INFINITY, // new image URLs would reload the player
  });
