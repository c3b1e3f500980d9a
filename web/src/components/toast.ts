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

/** The toasts on screen. */
export const toasts = new Cell<readonly Toast[]>([]);

export const dismiss = (id: number): void => toasts.set(toasts.get().filter((toast) => toast.id !== id));

function show(toast: Omit<Toast, "id">, shownMs = SHOWN_MS[toast.kind]): void {
  const id = ++made;
  toasts.set([...toasts.get(), { ...toast, id }].slice(-MOST));
  setTimeout(() => dismiss(id), shownMs);
}

/** A toast about a completed action. */
export const say = (message: string): void => show({ message, kind: "done" });

/** A toast with an Undo button. */
export const sayWithUndo = (message: string, shownMs: number, undo: () => void): void =>
  show({ message, kind: "done", undo }, shownMs);

/** A toast about something that works with limitations. */
export const warn = (message: string): void => show({ message, kind: "warning" });

/** An error handler that shows what failed and why. */
export const showProblem =
  (title: string) =>
  (error: unknown): void => {
    const problem = asProblem(error);
    const request = problem.requestId ? `Request ${problem.requestId}.` : "";
    show({ title, message: [problem.detail, problem.hint, request].filter(Boolean).join(" "), kind: "bad" });
  };
