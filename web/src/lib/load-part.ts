import { Cell } from "./cell";
import { Problem } from "./problem";
import { back, reached, suspecting } from "./reach";

/** True when files of this page are gone from the server, which was updated while the page was open. */
export const outdated = new Cell(false);

/**
 * Load a part of the interface, over an absence of the server. A part that the server doesn't have any more makes
 * the page `outdated` and never comes: what is open stays, until the page is loaded anew.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  for (let misses = 0; ; ) {
    try {
      return await suspecting(load());
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (!(await reached())) await back();
      else if (++misses === 2) return gone();
    }
  }
}

/** Browsers have no type for a script that did not load; each says it in words of its own. */
const isMissing = (error: unknown): boolean => error instanceof TypeError && /module|MIME/i.test(error.message);

function gone(): Promise<never> {
  if (cameAnew()) {
    return Promise.reject(
      new Problem(0, {
        code: "page_missing",
        title: "A part of this page is missing",
        detail: "Some files of this page are missing on the server.",
        hint: "Reload it in a minute. If that doesn't help, ask the server's operator to install Playhead again.",
      }),
    );
  }
  outdated.set(true);
  return new Promise<never>(() => {});
}

const KEY = "playhead-loaded-anew";
const RECENT_MS = 60_000;

/** Load a page of ours from the server, with the scripts that it has now. */
export function loadAnew(href: string): void {
  try {
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    return; // nothing would keep it from doing so again and again
  }
  if (href === window.location.href) window.location.reload();
  else window.location.assign(href);
}

/** Whether that was done a moment ago, so that doing it again would help no more. */
function cameAnew(): boolean {
  try {
    return Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < RECENT_MS;
  } catch {
    return true;
  }
}
