import { useCell } from "@/lib/cell";
import { CheckCircleIcon, CloseIcon, ErrorIcon, InfoIcon } from "./icons";
import styles from "./Toasts.module.css";
import { dismiss, toasts } from "./toast";

const ICONS = { done: CheckCircleIcon, warning: InfoIcon, bad: ErrorIcon };

/** Toasts: short messages over the page that take no focus and disappear on their own. */
export function Toasts() {
  const shown = useCell(toasts);
  return (
    <div className={styles.stack} role="status" aria-live="polite">
      {shown.map(({ id, title, message, kind, undo }) => {
        const Icon = ICONS[kind];
        return (
          <div key={id} className={styles.toast} data-kind={kind}>
            <Icon size={18} />
            <div>
              {title && <div className={styles.title}>{title}</div>}
              <div className={styles.message} title={message}>
                {message}
              </div>
            </div>
            {undo && (
              <button
                type="button"
                className={styles.undo}
                onClick={() => {
                  dismiss(id);
                  undo();
                }}
              >
                Undo
              </button>
            )}
            <button type="button" aria-label="Dismiss" onClick={() => dismiss(id)}>
              <CloseIcon size={14} />
            </button>
          </div>
        );
      })}
    </div>
  );
}
