import { changeComment, createComment, deleteComment, listComments } from "@/gen";
import { unwrap } from "@/lib/api";
import type { CommentDesk } from "../desk";

/** The comments of a video for its owner. */
export const ownDesk = (videoId: string): CommentDesk => ({
  key: ["video", videoId, "comments"],
  list: (cursor, signal) =>
    unwrap(listComments({ path: { video_id: videoId }, query: { limit: 100, cursor }, signal })),
  add: (body) => unwrap(createComment({ path: { video_id: videoId }, body })),
  edit: (id, text) => unwrap(changeComment({ path: { comment_id: id }, body: { text } })),
  remove: async (id) => void (await unwrap(deleteComment({ path: { comment_id: id } }))),
  resolve: (id, resolved) => unwrap(changeComment({ path: { comment_id: id }, body: { resolved } })),
  canWrite: true,
  asksName: false,
});
