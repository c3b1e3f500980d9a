import { ActionIcon, Menu, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { MoreIcon } from "@/components/icons";
import { timecode } from "@/lib/format";
import { type EditedCue, secondsOf } from "../cues";
import styles from "./captions.module.css";

type Edge = "start_s" | "end_s";
type Props = {
  cue: EditedCue;
  number: number;
  current: boolean;
  onSeek: () => void;
  onText: (text: string) => void;
  onTime: (edge: Edge, seconds: number) => void;
  /** Set an edge to where the video stands. */
  onNow: (edge: Edge) => void;
  onSplit: (caret: number) => void;
  onMerge?: () => void;
  onAdd: () => void;
  onRemove: () => void;
};

/** One caption: its times and its text. */
export function CueRow({ cue, number, current, onSeek, onText, onTime, onNow, ...on }: Props) {
  const row = useRef<HTMLLIElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const typing = document.activeElement instanceof HTMLTextAreaElement;
    if (current && !typing) row.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const press = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    const { key, altKey, ctrlKey, metaKey } = event;
    const caret = field.current?.selectionStart ?? 0;
    if (altKey && (key === "ArrowUp" || key === "ArrowDown")) focusBeside(row.current, key);
    else if (!ctrlKey && !metaKey) return;
    else if (key === "Enter") on.onSplit(caret);
    else if (key === "Backspace" && on.onMerge) on.onMerge();
    else if (key === "[") onNow("start_s");
    else if (key === "]") onNow("end_s");
    else return;
    event.preventDefault();
  };
  return (
    <li ref={row} className={styles.cue} data-current={current || undefined} aria-current={current || undefined}>
      <UnstyledButton className={styles.number} onClick={onSeek} aria-label={`Go to caption ${number}`}>
        {number}
      </UnstyledButton>
      <div className={styles.times}>
        <TimeField label={`Start of caption ${number}`} value={cue.start_s} onChange={(at) => onTime("start_s", at)} />
        <TimeField label={`End of caption ${number}`} value={cue.end_s} onChange={(at) => onTime("end_s", at)} />
      </div>
      <Textarea
        ref={field}
        className={styles.text}
        aria-label={`Caption ${number}`}
        autosize
        minRows={2}
        maxRows={4}
        value={cue.text}
        onFocus={onSeek}
        onKeyDown={press}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={32} aria-label={`More about caption ${number}`}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onNow("start_s")}>Start at the playhead</Menu.Item>
          <Menu.Item onClick={() => onNow("end_s")}>End at the playhead</Menu.Item>
          <Menu.Item onClick={() => on.onSplit(field.current?.selectionStart || middleOf(cue.text))}>Split</Menu.Item>
          <Menu.Item disabled={!on.onMerge} onClick={on.onMerge}>
            Merge with the caption before
          </Menu.Item>
          <Menu.Item onClick={on.onAdd}>Add a caption after it</Menu.Item>
          <Menu.Item color="var(--state-red)" onClick={on.onRemove}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

type TimeProps = { label: string; value: number; onChange: (seconds: number) => void };

/** A time that is typed; what is no time goes back to what it was. */
function TimeField({ label, value, onChange }: TimeProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const keep = () => {
    const seconds = typed === null ? null : secondsOf(typed);
    setTyped(null);
    if (seconds !== null && seconds !== value) onChange(seconds);
  };
  return (
    <TextInput
      size="xs"
      className={styles.time}
      aria-label={label}
      value={typed ?? timecode(value)}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={keep}
      onKeyDown={({ key }) => key === "Enter" && keep()}
    />
  );
}

/** Move the focus to the text of the caption before or after. */
function focusBeside(row: HTMLLIElement | null, key: string): void {
  const other = key === "ArrowUp" ? row?.previousElementSibling : row?.nextElementSibling;
  other?.querySelector("textarea")?.focus();
}

/** The end of the word nearest to the middle. */
function middleOf(text: string): number {
  const space = text.indexOf(" ", Math.floor(text.length / 2));
  return space < 0 ? text.lastIndexOf(" ") : space;
}
