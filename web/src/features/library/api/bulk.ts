import type { QueryClient } from "@tanstack/react-query";
import { type BulkOutcome, changeVideos, type ManyVideosInput } from "@/gen";
import { unwrap } from "@/lib/api";

const MOST = 1000; // videos of one request

export type BulkChange = Omit<ManyVideosInput, "ids">;

/** Change any number of videos, a thousand in each request. */
export async function changeMany(ids: readonly string[], change: BulkChange): Promise<BulkOutcome> {
  const whole: BulkOutcome = { changed: [], failed: [] };
  for (let start = 0; start < ids.length; start += MOST) {
    const part = await unwrap(changeVideos({ body: { ids: ids.slice(start, start + MOST), ...change } }));
    whole.changed.push(...part.changed);
    whole.failed.push(...part.failed);
  }
  return whole;
}

/** Have lists read again what such a change may have touched. */
export function refreshLibrary(client: QueryClient): void {
  for (const queryKey of [["videos"], ["video"], ["collections"], ["tags"], ["continue"], ["trash"], ["storage"]])
    void client.invalidateQueries({ queryKey });
}
