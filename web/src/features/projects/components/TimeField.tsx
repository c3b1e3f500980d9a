import { TextInput } from "@mantine/core";
import { useState } from "react";
import { parseTimecode, timecode } from "@/lib/format";

type Props = { label: string; value: number; step: number; disabled?: boolean; onChange: (seconds: number) => void };

/** A time as `mm:ss.cc`, typed or stepped by frames with the arrow keys. */
export function TimeField({ label, value, step, disabled, onChange }: Props) {
  const [text, setText] = useState<string | null>(null);
  const parsed = text === null ? value : parseTimecode(text);
  const finish = () => {
    if (text !== null && parsed !== null && Math.abs(parsed - value) > 0.004) onChange(parsed);
    setText(null);
  };
  return (
    <TextInput
      label={label}
      value={text ?? timecode(value)}
      disabled={disabled}
      inputMode="decimal"
      error={text !== null && parsed === null ? "Write it as mm:ss.cc" : undefined}
      onChange={(event) => setText(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key === "Escape") setText(null);
        if (event.key === "ArrowUp" || event.key === "ArrowDown") {
          event.preventDefault();
          setText(null);
          onChange(Math.max(0, (parsed ?? value) + (event.key === "ArrowUp" ? step : -step) * (event.shiftKey ? 10 : 1)));
        }
      }}
      styles={{ input: { fontVariantNumeric: "tabular-nums" } }}
    />
  );
}
