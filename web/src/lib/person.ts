import { Cell } from "./cell";
import { signedOut } from "./signed-out";

/** The id of the user of this page; null before it is known. */
export const person = new Cell<string | null>(null);

/** True once another user has signed in: this page sends nothing more and is left. */
export const closed = new Cell(false);

const CHANNEL = "playhead-session";
const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;

/** Handle a sign-in, here or in another tab: the same user continues, another one gets a new page. */
export function nowIs(id: string): void {
  const before = person.get();
  if (before !== null && before !== id) return leave("/");
  person.set(id);
  signedOut.set(false);
}

/** Broadcast the signed-in user to the other tabs; null for none. */
export const announce = (id: string | null): void => channel?.postMessage(id);

/** Handle a sign-out: nothing of the user stays in this page's memory. */
export function signedOff(): void {
  announce(null);
  leave("/sign-in");
}

function leave(href: string): void {
  closed.set(true);
  window.location.assign(href);
}

window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && closed.get()) window.location.reload(); // restored from the back/forward cache
});

channel?.addEventListener("message", ({ data }: MessageEvent<string | null>) => {
  if (person.get() === null) return;
  if (data === null) signedOut.set(true);
  else nowIs(data);
});
