import { Cell } from "./cell";
import { urls } from "./urls";

/** True from the first sign that the server doesn't answer until it does again. */
export const away = new Cell(false);

/** How often the server came back: what failed in between is worth another try. */
export const returns = new Cell(0);

const WAITS_MS = [500, 1_000, 2_000, 3_000, 5_000];
const PATIENCE_MS = 4_000; // for an answer to a probe
const SUSPECT_MS = 8_000; // what takes longer makes us ask whether anybody is there
const TRIES = 3;

let probing: Promise<void> | null = null;

/** Whether Playhead itself answers now; one probe, which turns `away` on when it does not. */
export async function reached(): Promise<boolean> {
  const there = await probe();
  if (!there) lost();
  return there;
}

/** Wait for something from the server, and ask whether the server is there at all when that takes long. */
export async function suspecting<T>(work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => void reached(), SUSPECT_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** Remember that the server doesn't answer, and look for it until it does. */
export function lost(): void {
  away.set(true);
  probing ??= untilThere().finally(() => {
    probing = null;
    away.set(false);
    returns.set(returns.get() + 1);
  });
}

/** Ends when the server answers. */
export async function back(signal?: AbortSignal): Promise<void> {
  if (!probing) return;
  if (!signal) return probing;
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
  await Promise.race([probing, aborted]);
}

/**
 * `fetch` for our own API. What only reads waits while the server is away and is asked again; what changes
 * something fails at once, as nobody knows how far it came.
 */
export async function reachingFetch(request: Request): Promise<Response> {
  const reads = request.method === "GET";
  for (let tries = 1; ; tries++) {
    if (reads && away.get()) await back(request.signal);
    const response = await attempt(request).catch((error: unknown) => {
      if (request.signal.aborted) throw error;
      return null;
    });
    if (response && !isForeign(response)) return response;
    lost();
    if (!reads || tries === TRIES) throw new TypeError("The server could not be reached.");
  }
}

/** One try, given up when a probe finds that the server is gone. */
async function attempt(request: Request): Promise<Response> {
  const gone = new AbortController();
  const unwatch = away.watch(() => away.get() && gone.abort());
  try {
    return await suspecting(fetch(request.clone(), { signal: AbortSignal.any([request.signal, gone.signal]) }));
  } finally {
    unwatch();
  }
}

/** An answer of something in front of Playhead: a proxy's error page, a portal's sign-in. */
export function isForeign(response: { status: number; headers: Headers }): boolean {
  const type = response.headers.get("content-type") ?? "";
  if ([502, 503, 504].includes(response.status)) return !type.includes("json");
  return response.status < 400 && type.startsWith("text/html");
}

async function probe(): Promise<boolean> {
  try {
    const response = await fetch(urls.status, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return !isForeign(response);
  } catch {
    return false;
  }
}

async function untilThere(): Promise<void> {
  for (let n = 0; ; n++) {
    await rest(WAITS_MS[Math.min(n, WAITS_MS.length - 1)]!);
    if (await probe()) return;
  }
}

/** Some time, or until the browser has a network again. */
function rest(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end);
  });
}

window.addEventListener("offline", lost);
