import { type InfiniteData, type QueryClient, queryOptions } from "@tanstack/react-query";
import { listVideos, type Video, type VideoPage } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

const MOST = 200;
const EVERY_MS = 2_000;

/** The newest uploads in one request; polled while one of `awaited` is being prepared. */
export const recentUploadsQuery = (awaited: readonly string[]) =>
  queryOptions({
    queryKey: ["uploaded"],
    queryFn: ({ signal }) => unwrap(listVideos({ query: { origin: "upload", limit: MOST }, signal })),
    enabled: awaited.length > 0,
    refetchInterval: ({ state }) => {
      const found = new Map(state.data?.items.map((video) => [video.id, video.state]));
      return awaited.some((id) => (found.get(id) ?? "preparing") === "preparing") ? EVERY_MS : false;
    },
  });

/** Update cached library rows with newer ones, which saves a request. */
export function patchLists(client: QueryClient, news: readonly Video[]): void {
  const byId = new Map(news.map((video) => [video.id, video]));
  const newer = (row: Video): Video => {
    const found = byId.get(row.id);
    return found && found.updated_at > row.updated_at ? found : row;
  };
  client.setQueriesData<InfiniteData<VideoPage>>({ queryKey: [...videoKeys.all, "list"] }, (data) => {
    if (!data) return data;
    const pages = data.pages.map((page) => {
      const items = page.items.map(newer);
      return items.some((row, n) => row !== page.items[n]) ? { ...page, items } : page;
    });
    return pages.some((page, n) => page !== data.pages[n]) ? { ...data, pages } : data;
  });
}
