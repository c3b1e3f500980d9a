import { Cell } from "./cell";
import { signedOut } from "./signed-out";

/** The id of the person whose page this is; null before anybody is known. */
export const person = new Cell<string | null>(null);

/** True once the browser belongs to another person: this page sends nothing any more and is left. */
export const closed = new Cell(false);

const CHANNEL = "playhead-session";
const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;

/** Somebody has signed in, here or in another tab: the same person goes on, anyone else gets a page of their own. */
export function nowIs(id: string): void {
  const before = person.get();
  if (before !== null && before !== id) return leave("/");
  person.set(id);
  signedOut.set(false);
}

/** Tell the other tabs who is signed in; null for nobody. */
export const announce = (id: string | null): void => channel?.postMessage(id);

/** The person has signed out: nothing of theirs stays in this page's memory. */
export function signedOff(): void {
  announce(null);
  leave("/sign-in");
}

function leave(href: string): void {
  closed.set(true);
  window.location.assign(href);
}

window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && closed.get()) window.location.reload(); // back in a browser that had kept the page
});

channel?.addEventListener("message", ({ data }: MessageEvent<string | null>) => {
  if (person.get() === null) return;
  if (data === null) signedOut.set(true);
  else nowIs(data);
});
