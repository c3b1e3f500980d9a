import { type ReactNode, useState } from "react";
import styles from "./inspector.module.css";

type Props = {
  title: string;
  /** What is set, in a few words; it opens the section at first. */
  value?: string | null;
  /** Open it although nothing is set. */
  open?: boolean;
  children: ReactNode;
};

/** A part of the inspector, folded while nothing is set in it. */
export function Section({ title, value, open = false, children }: Props) {
  const [opened, setOpened] = useState(open);
  const [asked, setAsked] = useState(open);
  if (open !== asked) {
    setAsked(open);
    if (open) setOpened(true);
  }
  return (
    <details
      className={styles.section}
      open={opened}
      onToggle={(event) => setOpened((event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary>
        {title}
        {value && <span className={styles.value}>{value}</span>}
      </summary>
      {opened && <div className={styles.body}>{children}</div>}
    </details>
  );
}
