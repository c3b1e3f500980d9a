import { createContext, type ReactNode, useContext } from "react";
import styles from "./PageHeader.module.css";

/** What stands at the right end of every header; the frame fills it in (the person's menu). */
export const HeaderEnd = createContext<ReactNode>(null);

type Props = { title: ReactNode; lead?: ReactNode; children?: ReactNode };

/** The top line of every page: its title, then its actions, then the person. Sticks while the page scrolls. */
export function PageHeader({ title, lead, children }: Props) {
  return (
    <header className={styles.header}>
      {lead}
      <div className={styles.title}>{typeof title === "string" ? <h1 title={title}>{title}</h1> : title}</div>
      <div className={styles.actions}>{children}</div>
      {useContext(HeaderEnd)}
    </header>
  );
}
