import type { ComponentPropsWithRef } from "react";
import { UserIcon } from "@/components/icons";
import styles from "./UserMenu.module.css";

/** The avatar button: the first letter of the user. */
export function AccountButton({ label, className = "", ...rest }: { label: string } & ComponentPropsWithRef<"button">) {
  return (
    <button type="button" className={`${styles.me} ${className}`} aria-label={`Account: ${label}`} {...rest}>
      {label.slice(0, 1).toUpperCase() || <UserIcon size={16} />}
    </button>
  );
}
