import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import { count } from "@/lib/format";
import { commentsQuery } from "../api/list-comments";
import type { CommentDesk, CommentedPlayer } from "../desk";
import { CommentThread } from "./CommentThread";
import styles from "./comments.module.css";
import { NewComment } from "./NewComment";

type Props = { desk: CommentDesk; player: () => CommentedPlayer | null; begin?: boolean };

/** The comments of a video in its order; the resolved ones are folded away. */
export default function CommentsPanel({ desk, player, begin }: Props) {
  const { data, error, refetch } = useQuery(commentsQuery(desk));
  const [all, setAll] = useState(false);
  const resolved = data?.filter(({ resolved_at }) => resolved_at).length ?? 0;
  const shown = data?.filter(({ resolved_at }) => all || !resolved_at) ?? [];
  return (
    <section className={styles.panel} aria-label="Comments">
      {desk.canWrite && <NewComment desk={desk} player={player} begin={begin} />}
      {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} compact />}
      {!data && !error && <Skeleton h={80} />}
      {data && data.length === 0 && (
        <p className="dim small">
          {desk.canWrite ? "No comments yet. Press N to comment at the time where the player is." : "No comments yet."}
        </p>
      )}
      {shown.length > 0 && (
        <ol className={styles.list}>
          {shown.map((comment) => (
            <CommentThread
              key={comment.id}
              comment={comment}
              desk={desk}
              onSeek={(seconds) => player()?.seek(seconds)}
            />
          ))}
        </ol>
      )}
      {resolved > 0 && (
        <Button size="xs" variant="subtle" color="gray" onClick={() => setAll(!all)}>
          {all ? "Hide resolved" : `Show ${count(resolved, "resolved comment")}`}
        </Button>
      )}
    </section>
  );
}
