import { Cell } from "./cell";
import { urls } from "./urls";

/** True while the server is unreachable. */
export const away = new Cell(false);

/** The number of times the server came back; what failed in between can be retried. */
export const returns = new Cell(0);

/** When the server is probed next, as `Date.now()` has it; null while a probe runs, or the server is reachable. */
export const nextProbe = new Cell<number | null>(null);

const WAITS_MS = [500, 1_000, 2_000, 3_000, 5_000, 10_000];
const PATIENCE_MS = 4_000; // timeout of a probe
const SUSPECT_MS = 8_000; // a request that takes longer triggers a probe
const TRIES = 3;

let probing: Promise<void> | null = null;

/** Probe the server once; sets `away` if it does not respond. */
export async function reached(): Promise<boolean> {
  const there = await probe();
  if (!there) lost();
  return there;
}

/** Await a request, and probe the server when it takes long. */
export async function suspecting<T>(work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => void reached(), SUSPECT_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** Mark the server as unreachable, and probe it until it responds. */
export function lost(): void {
  away.set(true);
  probing ??= untilThere().finally(() => {
    probing = null;
    away.set(false);
    returns.set(returns.get() + 1);
  });
}

/** Resolves when the server responds. */
export async function back(signal?: AbortSignal): Promise<void> {
  if (!probing) return;
  if (!signal) return probing;
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
  await Promise.race([probing, aborted]);
}

/**
 * `fetch` for our own API. Reads wait while the server is unreachable and are retried; writes fail immediately,
 * as it is unknown how far they came.
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

/** One attempt, aborted when a probe finds the server unreachable. */
async function attempt(request: Request): Promise<Response> {
  const gone = new AbortController();
  const unwatch = away.watch(() => away.get() && gone.abort());
  try {
    return await suspecting(fetch(request.clone(), { signal: AbortSignal.any([request.signal, gone.signal]) }));
  } finally {
    unwatch();
  }
}

/** Whether a response is not Playhead's own: a proxy's error page or a captive portal. */
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

/** Probe the server without waiting any longer. */
export const tryNow = (): void => probeNow();

let probeNow = () => {};

/** A pause, or until the browser is online again, or somebody wants to try. */
function rest(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      nextProbe.set(null);
      resolve();
    };
    probeNow = end;
    nextProbe.set(Date.now() + ms);
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end);
  });
}

window.addEventListener("offline", lost);
