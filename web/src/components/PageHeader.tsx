import { createContext, type ReactNode, useContext } from "react";
import styles from "./PageHeader.module.css";

/** The right end of every page header, filled by the frame with the account menu. */
export const HeaderEnd = createContext<ReactNode>(null);

type Props = { title: ReactNode; lead?: ReactNode; children?: ReactNode };

/** The sticky header of every page: title, actions, account menu. */
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
