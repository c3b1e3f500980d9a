import { queryOptions } from "@tanstack/react-query";
import type { Comment } from "@/gen";
import type { CommentDesk } from "../desk";

const POLL_MS = 5_000;
const MOST_PAGES = 50; // a video takes 5,000 comments

/** All comments of a video in its order, polled while they are shown. */
export const commentsQuery = (desk: CommentDesk) =>
  queryOptions({
    queryKey: desk.key,
    queryFn: async ({ signal }): Promise<Comment[]> => {
      const found: Comment[] = [];
      let cursor: string | null = null;
      for (let n = 0; n < MOST_PAGES; n++) {
        const page = await desk.list(cursor, signal);
        found.push(...page.items);
        cursor = page.next_cursor;
        if (!cursor) break;
      }
      return found;
    },
    refetchInterval: POLL_MS,
  });
