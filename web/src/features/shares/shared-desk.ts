import type { CommentDesk } from "@/features/comments/desk";
import { visitorSecret } from "@/features/comments/visitor";
import { changeSharedComment, createSharedComment, deleteSharedComment, listSharedComments } from "@/gen";
import { unwrap } from "@/lib/api";
import { shareKeys } from "./api/keys";
import type { SharedVisit } from "./shared-visit";

/** The comments of a shared video for a visitor of its link. */
export function sharedDesk(visit: SharedVisit, canWrite: boolean): CommentDesk {
  const headers = () => ({ "Share-Pass": visit.pass ?? undefined, "Share-Visitor": visitorSecret() });
  const path = { token: visit.token };
  return {
    key: [...shareKeys.shared(visit.token), "comments"],
    list: (cursor, signal) =>
      unwrap(listSharedComments({ path, query: { limit: 100, cursor }, headers: headers(), signal })),
    add: (wanted, author) => unwrap(createSharedComment({ path, body: { ...wanted, author }, headers: headers() })),
    edit: (id, text) =>
      unwrap(changeSharedComment({ path: { ...path, comment_id: id }, body: { text }, headers: headers() })),
    remove: async (id) =>
      void (await unwrap(deleteSharedComment({ path: { ...path, comment_id: id }, headers: headers() }))),
    canWrite,
    asksName: true,
  };
}
