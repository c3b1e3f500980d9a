import { Cell } from "@/lib/cell";
import { asProblem } from "@/lib/problem";

export type Toast = {
  id: number;
  title?: string;
  message: string;
  kind: "done" | "warning" | "bad";
  undo?: () => void;
};

const SHOWN_MS = { done: 4_000, warning: 8_000, bad: 12_000 };
const MOST = 3;
let made = 0;

/** The short messages that are on the screen now. */
export const toasts = new Cell<readonly Toast[]>([]);

export const dismiss = (id: number): void => toasts.set(toasts.get().filter((toast) => toast.id !== id));

function show(toast: Omit<Toast, "id">, shownMs = SHOWN_MS[toast.kind]): void {
  const id = ++made;
  toasts.set([...toasts.get(), { ...toast, id }].slice(-MOST));
  setTimeout(() => dismiss(id), shownMs);
}

/** A short word on what was done. */
export const say = (message: string): void => show({ message, kind: "done" });

/** The same, with a button that takes it back as long as the word is shown. */
export const sayWithUndo = (message: string, shownMs: number, undo: () => void): void =>
  show({ message, kind: "done", undo }, shownMs);

/** A word on what works, but not as well as it could. */
export const warn = (message: string): void => show({ message, kind: "warning" });

/** A handler that tells what did not work and why. */
export const showProblem =
  (title: string) =>
  (error: unknown): void => {
    const problem = asProblem(error);
    const request = problem.requestId ? `Request ${problem.requestId}.` : "";
    show({ title, message: [problem.detail, problem.hint, request].filter(Boolean).join(" "), kind: "bad" });
  };
