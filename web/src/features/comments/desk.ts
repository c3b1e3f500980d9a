import type { QueryKey } from "@tanstack/react-query";
import type { Comment, CommentCreate, CommentPage } from "@/gen";

/** Where comments of one video are read and written: as a signed-in user, or through a share link. */
export type CommentDesk = {
  key: QueryKey;
  list: (cursor: string | null, signal: AbortSignal) => Promise<CommentPage>;
  add: (wanted: CommentCreate, author: string) => Promise<Comment>;
  edit: (id: string, text: string) => Promise<Comment>;
  remove: (id: string) => Promise<void>;
  /** Only where comments are resolved: by the owner of the video. */
  resolve?: (id: string, resolved: boolean) => Promise<Comment>;
  canWrite: boolean;
  /** Visitors give a name with what they write. */
  asksName: boolean;
};

/** The player that the comments are about. */
export type CommentedPlayer = { time: () => number; seek: (seconds: number) => void; pause: () => void };
