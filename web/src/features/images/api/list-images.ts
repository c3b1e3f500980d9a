import { infiniteQueryOptions } from "@tanstack/react-query";
import { listImages } from "@/gen";
import { unwrap } from "@/lib/api";
import { imageKeys } from "./keys";

/** Your images page by page, newest first. */
export const imagesQuery = (limit = 48) =>
  infiniteQueryOptions({
    queryKey: imageKeys.list({ limit }),
    queryFn: ({ pageParam, signal }) => unwrap(listImages({ query: { limit, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
