import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { timecode } from "@/lib/format";
import type { CommentDesk, CommentedPlayer } from "../desk";
import { useCommentActions } from "../use-comment-actions";
import { useCommentKey } from "../use-comment-key";
import { keepName, keptName } from "../visitor";
import { CommentText } from "./CommentText";
import styles from "./comments.module.css";

type Props = {
  desk: CommentDesk;
  player: () => CommentedPlayer | null;
  /** A comment is begun as soon as this is shown. */
  begin?: boolean;
};

/** What was typed and not sent, by video: another tab of the page must not lose it. */
const drafts = new Map<string, string>();

/** The form of a new comment, at the time where the player stood when it was begun. */
export function NewComment({ desk, player, begin: beginNow = false }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const [end, setEnd] = useState<number | null>(null);
  const [name, setName] = useState(keptName);
  const [written, setWritten] = useState(0);
  const draft = desk.key.join(" ");
  const box = useRef<HTMLDivElement>(null);
  const { add } = useCommentActions(desk);
  const begin = () => {
    if (at !== null) return;
    player()?.pause();
    setAt(player()?.time() ?? 0);
  };
  useCommentKey(() => box.current?.querySelector("textarea")?.focus());
  useEffect(() => {
    if (beginNow) box.current?.querySelector("textarea")?.focus();
  }, [beginNow]);
  const send = (text: string) => {
    const wanted = { text, at_s: at ?? player()?.time() ?? 0, end_s: end };
    if (desk.asksName) keepName(name.trim());
    add.mutate(
      { wanted, author: name.trim() || "Visitor" },
      {
        onSuccess: () => {
          drafts.delete(draft);
          setAt(null);
          setEnd(null);
          setWritten(written + 1);
        },
      },
    );
  };
  const setBeginHere = () => {
    setAt(player()?.time() ?? 0);
    setEnd(null);
  };
  const setEndHere = () => {
    const now = player()?.time() ?? 0;
    if (at !== null && now > at) setEnd(now);
  };
  return (
    <div ref={box}>
      {desk.asksName && (
        <TextInput
          aria-label="Your name"
          placeholder="Your name"
          maxLength={60}
          mb={8}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <CommentText
        key={written}
        label="New comment"
        placeholder="Comment at this time"
        action="Comment"
        busy={add.isPending}
        error={add.error}
        text={drafts.get(draft)}
        onFocus={begin}
        onType={(text) => drafts.set(draft, text)}
        onSend={send}
      >
        {at !== null && (
          <span className={styles.at}>
            at {timecode(at)}
            {end !== null && ` to ${timecode(end)}`}
            <button type="button" onClick={setBeginHere}>
              Now
            </button>
            <button type="button" onClick={setEndHere} title="Play on, then set where the span ends">
              Until now
            </button>
          </span>
        )}
      </CommentText>
    </div>
  );
}
