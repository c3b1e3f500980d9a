import type { Comment } from "@/gen";
import { clock } from "@/lib/format";
import type { CommentMark } from "@/player/CommentMarks";

const LONGEST = 80;

/** The open comments as marks of the player's seek bar. */
export const marksOf = (comments: readonly Comment[] = []): CommentMark[] =>
  comments
    .filter(({ resolved_at }) => !resolved_at)
    .map(({ id, at_s, end_s, author, text }) => ({
      id,
      at: at_s ?? 0,
      end: end_s,
      label: `${clock(at_s ?? 0)} ${author}: ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`,
    }));
