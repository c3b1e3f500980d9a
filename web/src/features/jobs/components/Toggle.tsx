import { ChevronIcon } from "@/components/icons";
import styles from "./JobsPage.module.css";

type Props = { open: boolean; label: string; onToggle: () => void };

/** The button that opens a row of the list; the whole row does the same for a pointer. */
export function Toggle({ open, label, onToggle }: Props) {
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-expanded={open}
      aria-label={label}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      <ChevronIcon size={16} />
    </button>
  );
}
