import { TextInput } from "@mantine/core";
import { useState } from "react";
import { parseTimecode, timecode } from "@/lib/format";

type Props = {
  label: string;
  value: number;
  step: number;
  disabled?: boolean;
  /** The reason why a time is invalid; null if it is valid. */
  check: (seconds: number) => string | null;
  onChange: (seconds: number) => void;
};

/**
 * A time as `mm:ss.cc`, typed or stepped by frames with the arrow keys. An invalid time stays, with the reason, until it
 * is corrected or reverted by Esc.
 */
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
    if (!focused) reset(); // a save or another tab must not overwrite what is being typed
  }
  const parsed = text === null ? value : parseTimecode(text);
  const wrong = text === null ? null : parsed === null ? "Use mm:ss.cc" : check(parsed);
  const finish = () => {
    if (wrong) return setRefused(true);
    // The text shows hundredths: a time that was not edited is not rounded to them.
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
