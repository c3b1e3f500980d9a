import { ActionIcon, Button, Menu } from "@mantine/core";
import { useState } from "react";
import { CheckIcon, EditIcon, MoreIcon, TrashIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { showProblem } from "@/components/toast";
import type { Comment, Reply } from "@/gen";
import { timecode } from "@/lib/format";
import type { CommentDesk } from "../desk";
import { useCommentActions } from "../use-comment-actions";
import { keptName } from "../visitor";
import { CommentText } from "./CommentText";
import styles from "./comments.module.css";

type Props = { comment: Comment; desk: CommentDesk; onSeek: (seconds: number) => void };

/** A comment with its replies. */
export function CommentThread({ comment, desk, onSeek }: Props) {
  const [replying, setReplying] = useState(false);
  const { add, resolve } = useCommentActions(desk);
  const at = comment.at_s ?? 0;
  const reply = (text: string) =>
    add.mutate(
      { wanted: { text, parent_id: comment.id }, author: keptName() || "Visitor" },
      { onSuccess: () => setReplying(false) },
    );
  const setResolved = (resolved: boolean) =>
    resolve.mutate({ id: comment.id, resolved }, { onError: showProblem("Couldn't change the comment") });
  return (
    <li className={styles.thread} data-comment={comment.id} data-resolved={comment.resolved_at ? true : undefined}>
      <button type="button" className={styles.time} onClick={() => onSeek(at)}>
        {timecode(at)}
        {comment.end_s !== null && ` – ${timecode(comment.end_s)}`}
      </button>
      <Entry entry={comment} desk={desk} />
      {comment.replies.length > 0 && (
        <ol className={styles.replies} aria-label="Replies">
          {comment.replies.map((each) => (
            <li key={each.id}>
              <Entry entry={each} desk={desk} />
            </li>
          ))}
        </ol>
      )}
      {replying ? (
        <CommentText
          label={`Reply to ${comment.author}`}
          action="Reply"
          busy={add.isPending}
          error={add.error}
          autoFocus
          onSend={reply}
          onCancel={() => setReplying(false)}
        />
      ) : (
        <div className={styles.actions}>
          {desk.canWrite && (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setReplying(true)}>
              Reply
            </Button>
          )}
          {desk.resolve && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              leftSection={comment.resolved_at ? undefined : <CheckIcon size={13} />}
              loading={resolve.isPending}
              onClick={() => setResolved(!comment.resolved_at)}
            >
              {comment.resolved_at ? "Reopen" : "Resolve"}
            </Button>
          )}
          {comment.resolved_at && <span className="dim tiny">Resolved by {comment.resolved_by}</span>}
        </div>
      )}
    </li>
  );
}

/** The words of one person, editable by that person. */
function Entry({ entry, desk }: { entry: Comment | Reply; desk: CommentDesk }) {
  const [editing, setEditing] = useState(false);
  const { edit, remove } = useCommentActions(desk);
  const mine = entry.is_mine && desk.canWrite;
  const removable = mine || desk.resolve !== undefined;
  return (
    <div className={styles.entry}>
      <div className={styles.who}>
        <span className="clip-text" title={entry.author}>
          {entry.author}
        </span>
        <span className="dim tiny">
          {entry.author_kind === "visitor" && "Visitor · "}
          <RelativeTime time={entry.created_at} />
          {entry.edited_at && " · edited"}
        </span>
        {removable && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size={24} ml="auto" aria-label={`More about the comment by ${entry.author}`}>
                <MoreIcon size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mine && (
                <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => setEditing(true)}>
                  Edit
                </Menu.Item>
              )}
              <Menu.Item
                color="var(--state-red)"
                leftSection={<TrashIcon size={16} />}
                onClick={() => remove.mutate(entry.id, { onError: showProblem("Couldn't delete the comment") })}
              >
                {"replies" in entry && entry.replies.length > 0 ? "Delete with replies" : "Delete"}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {editing ? (
        <CommentText
          label="Comment"
          action="Save"
          text={entry.text}
          busy={edit.isPending}
          error={edit.error}
          autoFocus
          onSend={(text) => edit.mutate({ id: entry.id, text }, { onSuccess: () => setEditing(false) })}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <p className={styles.text}>{entry.text}</p>
      )}
    </div>
  );
}
