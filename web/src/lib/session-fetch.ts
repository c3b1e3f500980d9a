import { closed, person } from "./person";
import { reachingFetch } from "./reach";
import { signedOut } from "./signed-out";

/**
 * `fetch` for our own API that survives the end of a session: a 401 waits for the sign-in over the page, then the
 * request is sent again. A page that now belongs to another user sends nothing more.
 */
export async function sessionFetch(request: Request): Promise<Response> {
  for (;;) {
    if (closed.get()) return new Promise<never>(() => {});
    const response = await reachingFetch(request.clone());
    if (person.get() === null || !(await isSignedOut(response))) return response;
    signedOut.set(true);
    await signedIn(request.signal);
  }
}

async function isSignedOut(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return typeof body === "object" && body !== null && "code" in body && body.code === "not_signed_in";
}

function signedIn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const unwatch = signedOut.watch(() => {
      if (signedOut.get()) return;
      unwatch();
      resolve();
    });
    signal.addEventListener("abort", () => {
      unwatch();
      reject(signal.reason);
    });
  });
}
