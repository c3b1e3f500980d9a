import { useEffect, useRef, useState } from "react";
import styles from "./EditableTitle.module.css";

type Props = { value: string; label: string; onSave: (value: string) => void; maxLength?: number };

/** An inline-editable page title: Enter or blur saves, Esc reverts. */
export function EditableTitle({ value, label, onSave, maxLength = 300 }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const dropped = useRef(false);
  useEffect(() => {
    if (draft === null) dropped.current = false;
  }, [draft]);
  const finish = () => {
    const next = draft?.trim();
    if (!dropped.current && next && next !== value) onSave(next);
    setDraft(null);
  };
  return (
    <h1 className={styles.title} title={value}>
      <span className={styles.sizer} aria-hidden="true">
        {draft ?? value}
      </span>
      <input
        ref={input}
        className={styles.input}
        aria-label={label}
        size={1}
        title={value}
        maxLength={maxLength}
        value={draft ?? value}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onFocus={() => setDraft(value)}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === "Enter") input.current?.blur();
          if (event.key === "Escape") {
            dropped.current = true;
            event.stopPropagation();
            input.current?.blur();
          }
        }}
      />
    </h1>
  );
}
