import type { ReactNode } from "react";
import styles from "./Bar.module.css";

type Props = { icon?: ReactNode; children: ReactNode; action?: ReactNode };

/** A banner above the page about the whole application. Rendered in `Bars`. */
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

/** The element in `Bars` that pages render their banners into, through a portal. */
export const barsBox = (): HTMLElement | null => document.getElementById(BARS);
