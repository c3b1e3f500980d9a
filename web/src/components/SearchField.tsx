import { ActionIcon, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useQuiet } from "@/lib/hooks";
import { CloseIcon, SearchIcon } from "./icons";
import styles from "./SearchField.module.css";

type Props = { value: string; label: string; onSearch: (value: string) => void; main?: boolean };

/** A debounced search field; `main` makes it the target of the `/` key. */
export function SearchField({ value, label, onSearch, main = true }: Props) {
  const [text, setText] = useState(value);
  const quiet = useQuiet(text, 250);
  const sent = useRef<string[]>([]);
  useEffect(() => {
    // A search of our own comes back as the value, maybe after more was typed: it must not overwrite that.
    const echo = sent.current.indexOf(value);
    sent.current.splice(0, echo + 1);
    if (echo < 0) setText(value);
  }, [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a pause in the typing starts a search
  useEffect(() => {
    if (quiet !== text || quiet.trim() === value) return;
    sent.current.push(quiet.trim());
    onSearch(quiet.trim());
  }, [quiet]);
  return (
    <TextInput
      className={styles.search}
      aria-label={label}
      placeholder={label}
      type="search"
      value={text}
      data-search={main || undefined}
      leftSection={<SearchIcon size={16} />}
      rightSection={
        text ? (
          <ActionIcon
            size={24}
            aria-label="Clear search"
            onClick={() => {
              setText("");
              onSearch("");
            }}
          >
            <CloseIcon size={14} />
          </ActionIcon>
        ) : main ? (
          <kbd className={styles.key}>/</kbd>
        ) : null
      }
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        if (text) {
          setText("");
          onSearch("");
        } else event.currentTarget.blur();
      }}
    />
  );
}
