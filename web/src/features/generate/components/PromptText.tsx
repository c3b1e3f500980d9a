import { Textarea } from "@mantine/core";
import { useState } from "react";
import { LONGEST_PROMPT } from "../prompts";

type Props = { id?: string; value: string; onChange: (text: string) => void; onSubmit?: () => void };

/** The text of a prompt. An empty one is not saved; the field shows what is typed, whatever arrives meanwhile. */
export function PromptText({ id, value, onChange, onSubmit }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Textarea
      id={id}
      label="Prompt"
      autosize
      minRows={3}
      maxRows={12}
      maxLength={LONGEST_PROMPT}
      value={typed ?? value}
      error={typed?.trim() === "" ? "Say what the clip shows." : undefined}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        if (currentTarget.value.trim()) onChange(currentTarget.value);
      }}
      onFocus={() => setTyped(value)}
      onBlur={() => setTyped(null)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          onSubmit?.();
        }
      }}
    />
  );
}
