import { Cell } from "@/lib/cell";
import { person } from "@/lib/person";

/** Names of files that were waiting for their turn when the page was left: a browser keeps names, never files. */
export const notBegun = new Cell<readonly string[]>([]);

const keyOf = (id: string): string => `playhead-not-begun:${id}`;

/** Read them once, when it is known whose they are. */
export function recallNotBegun(): void {
  const id = person.get();
  if (id === null) return;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(id)) ?? "[]");
    if (Array.isArray(kept)) notBegun.set([...notBegun.get(), ...kept.filter((name) => typeof name === "string")]);
    localStorage.removeItem(keyOf(id));
  } catch {
    // storage is off, or holds something of another's
  }
}

/** Keep names for the next page of the same person; called as this one goes. */
export function rememberNotBegun(waiting: readonly string[]): void {
  const id = person.get();
  const names = [...notBegun.get(), ...waiting];
  if (id === null || names.length === 0) return;
  try {
    localStorage.setItem(keyOf(id), JSON.stringify(names));
  } catch {
    // storage is off or full: they are forgotten
  }
}

/** Those that were chosen again are no news any more; all when no names are given. */
export function forgetNotBegun(names?: readonly string[]): void {
  notBegun.set(names ? notBegun.get().filter((name) => !names.includes(name)) : []);
}
