import { TextInput } from "@mantine/core";
import { useState } from "react";
import { parseTimecode, timecode } from "@/lib/format";

type Props = {
  label: string;
  value: number;
  step: number;
  disabled?: boolean;
  /** Why a time cannot be taken, as a sentence; null when it can. */
  check: (seconds: number) => string | null;
  onChange: (seconds: number) => void;
};

/** A time as `mm:ss.cc`, typed or stepped by frames with the arrow keys. What cannot be taken stays, with the reason, until it is corrected or Esc. */
export function TimeField({ label, value, step, disabled, check, onChange }: Props) {
  const [text, setText] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const [known, setKnown] = useState(value);
  const [focused, setFocused] = useState(false);
  const reset = () => {
    setText(null);
    setRefused(false);
  };
  if (known !== value) {
    setKnown(value);
    if (!focused) reset(); // what is being typed is not taken away by a save or by another tab
  }
  const parsed = text === null ? value : parseTimecode(text);
  const wrong = text === null ? null : parsed === null ? "Use mm:ss.cc" : check(parsed);
  const finish = () => {
    if (wrong) return setRefused(true);
    // The text shows hundredths: what was only looked at is not rounded to them.
    if (text !== null && parsed !== null && text !== timecode(value) && Math.abs(parsed - value) > 0.0005)
      onChange(parsed);
    reset();
  };
  return (
    <TextInput
      label={label}
      value={text ?? timecode(value)}
      disabled={disabled}
      inputMode="decimal"
      error={refused ? wrong : undefined}
      onChange={(event) => setText(event.currentTarget.value)}
      onFocus={(event) => {
        setFocused(true);
        event.currentTarget.select();
      }}
      onBlur={() => {
        setFocused(false);
        finish();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key === "Escape") reset();
        if (event.key === "ArrowUp" || event.key === "ArrowDown") {
          event.preventDefault();
          reset();
          const from = wrong || parsed === null ? value : parsed;
          onChange(Math.max(0, from + (event.key === "ArrowUp" ? step : -step) * (event.shiftKey ? 10 : 1)));
        }
      }}
      styles={{ label: { display: "block", lineHeight: "20px" }, input: { fontVariantNumeric: "tabular-nums" } }}
    />
  );
}
