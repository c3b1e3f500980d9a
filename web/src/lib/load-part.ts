import { Cell } from "./cell";
import { Problem } from "./problem";
import { back, reached, suspecting } from "./reach";

/** True when the server was updated while the page was open, and no longer has its files. */
export const outdated = new Cell(false);

/**
 * Import a module, with retries while the server is unreachable. A module that no longer exists makes
 * the page `outdated` and never resolves: the current view stays until the page is reloaded.
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

/** Browsers have no error type for a script that failed to load, only messages. */
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

/** Load a page from the server, with its current scripts. */
export function loadAnew(href: string): void {
  try {
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    return; // without storage it could reload endlessly
  }
  if (href === window.location.href) window.location.reload();
  else window.location.assign(href);
}

/** Whether it was reloaded recently, so that another reload would not help. */
function cameAnew(): boolean {
  try {
    return Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < RECENT_MS;
  } catch {
    return true;
  }
}
