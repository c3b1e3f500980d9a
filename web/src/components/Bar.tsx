import type { ReactNode } from "react";
import styles from "./Bar.module.css";

type Props = { icon?: ReactNode; children: ReactNode; action?: ReactNode };

/** A thin line over the whole page: something that concerns all of it. Lives in `Bars`. */
export function Bar({ icon, children, action }: Props) {
  return (
    <div className={styles.bar} role="status">
      {icon}
      <span>{children}</span>
      {action}
    </div>
  );
}

export const BARS = "bars";

/** Where `Bars` shows such lines: a page puts its own there by a portal. */
export const barsBox = (): HTMLElement | null => document.getElementById(BARS);
