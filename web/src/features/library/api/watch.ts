import { queryOptions } from "@tanstack/react-query";
import { listBegunVideos, noteWatching } from "@/gen";
import { unwrap } from "@/lib/api";

/** Videos that were begun and not watched to their end, in whatever browser. */
export const continueQuery = queryOptions({
  queryKey: ["continue"],
  queryFn: ({ signal }) => unwrap(listBegunVideos({ signal })),
  staleTime: 0,
});

/** Keep a position on the server. Lost reports do no harm: the next one says the same. */
export function notePosition(id: string, position_s: number): void {
  void noteWatching({ path: { video_id: id }, body: { position_s }, keepalive: true }).catch(() => undefined);
}

export const markWatched = (id: string, watched: boolean) =>
  unwrap(noteWatching({ path: { video_id: id }, body: { watched } }));
