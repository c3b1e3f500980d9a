import { Cell } from "@/lib/cell";
import { person } from "@/lib/person";

/** Names of files that were queued when the page was closed: a browser can keep names, but not files. */
export const notBegun = new Cell<readonly string[]>([]);

const keyOf = (id: string): string => `playhead-not-begun:${id}`;

/** Restore the names, once the user is known. */
export function recallNotBegun(): void {
  const id = person.get();
  if (id === null) return;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(id)) ?? "[]");
    if (Array.isArray(kept)) notBegun.set([...notBegun.get(), ...kept.filter((name) => typeof name === "string")]);
    localStorage.removeItem(keyOf(id));
  } catch {
    // storage is disabled, or holds something else
  }
}

/** Keep the names for the user's next page, as this one is closed. */
export function rememberNotBegun(waiting: readonly string[]): void {
  const id = person.get();
  const names = [...notBegun.get(), ...waiting];
  if (id === null || names.length === 0) return;
  try {
    localStorage.setItem(keyOf(id), JSON.stringify(names));
  } catch {
    // storage is disabled or full: the names are lost
  }
}

/** Forget the names that were selected again, or all. */
export function forgetNotBegun(names?: readonly string[]): void {
  notBegun.set(names ? notBegun.get().filter((name) => !names.includes(name)) : []);
}
