import type { ReactNode } from "react";
import { Mark } from "@/components/Mark";
import styles from "./EntryPage.module.css";

/** The frame of pages without a session. */
export function EntryPage({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <div className={styles.brand}>
          <Mark /> Playhead
        </div>
        <h1>{title}</h1>
        <p>{lead}</p>
        {children}
      </div>
    </main>
  );
}
