import { Button, Group, Textarea } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";

const LONGEST = 2000;

type Props = {
  label: string;
  placeholder?: string;
  action: string;
  text?: string;
  busy: boolean;
  error: unknown;
  autoFocus?: boolean;
  onFocus?: () => void;
  onType?: (text: string) => void;
  onSend: (text: string) => void;
  onCancel?: () => void;
  children?: ReactNode;
};

/** A text field that is sent by its button or Ctrl + Enter; what was typed stays until it was taken. */
export function CommentText({ label, action, text = "", busy, error, onSend, onCancel, children, ...field }: Props) {
  const [typed, setTyped] = useState(text);
  const send = () => typed.trim() && onSend(typed);
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    if (event.key === "Escape" && onCancel) {
      event.stopPropagation();
      onCancel();
    }
  };
  return (
    <div>
      <Textarea
        autosize
        minRows={2}
        maxRows={8}
        maxLength={LONGEST}
        aria-label={label}
        value={typed}
        autoFocus={field.autoFocus}
        placeholder={field.placeholder}
        onFocus={field.onFocus}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          field.onType?.(event.currentTarget.value);
        }}
        onKeyDown={press}
      />
      {error ? <ErrorNote error={error} compact /> : null}
      <Group gap={8} mt={8}>
        <Button size="xs" loading={busy} disabled={!typed.trim()} onClick={send}>
          {action}
        </Button>
        {onCancel && (
          <Button size="xs" variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
        {children}
      </Group>
    </div>
  );
}
