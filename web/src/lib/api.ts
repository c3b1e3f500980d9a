import { client } from "@/gen/client.gen";
import { offline, Problem, problemFrom } from "./problem";
import { sessionFetch } from "./session-fetch";

// The API lives on the origin of the page.
client.setConfig({ baseUrl: "", fetch: (request) => sessionFetch(request as Request) });

client.interceptors.error.use((error, response) => {
  if (error instanceof DOMException && error.name === "AbortError") return error;
  if (!response) return offline();
  return problemFrom(response.status, error, response.headers.get("x-request-id"));
});

type Outcome<T> = { data?: T; error?: unknown };

/** The body of a response; throws a Problem for a non-2xx status and for a network error. */
export async function unwrap<T>(called: Promise<Outcome<T>>): Promise<NonNullable<T>> {
  const { data, error } = await called;
  if (error !== undefined) throw error;
  return data as NonNullable<T>;
}

/** The If-Match header for an update of a version. */
export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });

export const isStatus = (error: unknown, status: number): error is Problem =>
  error instanceof Problem && error.status === status;
