/** A failed request. Shape: RFC 9457 plus code, request_id, hint. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly hint: string | null;
  readonly requestId: string | null;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    const text = (key: string) => (typeof body[key] === "string" && body[key] !== "" ? (body[key] as string) : null);
    super(text("detail") ?? text("title") ?? `The server answered ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.code = text("code") ?? "unknown";
    this.title = text("title") ?? "Something went wrong";
    this.detail = this.message;
    this.hint = text("hint");
    this.requestId = text("request_id");
    this.body = body;
  }

  /** Messages per field of a rejected form, keyed by the last part of `loc`. */
  get fields(): Record<string, string> {
    const errors = Array.isArray(this.body.errors) ? (this.body.errors as { loc?: unknown; msg?: unknown }[]) : [];
    const named = errors.map(({ loc, msg }) => {
      const path = Array.isArray(loc) ? loc : String(loc ?? "").split(".");
      return [String(path.at(-1) ?? ""), String(msg ?? "")] as const;
    });
    return Object.fromEntries(named);
  }
}

export const offline = () =>
  new Problem(0, {
    code: "offline",
    title: "No answer from the server",
    detail: "Playhead can't be reached.",
    hint: "Your changes are kept. Try again when it is back.",
  });

/** An error body, parsed or as text, as a problem; any other body gives a generic one. */
export function problemFrom(status: number, body: unknown, requestId: string | null): Problem {
  const parsed = typeof body === "string" ? parse(body) : body;
  if (parsed && typeof parsed === "object" && "title" in parsed)
    return new Problem(status, { request_id: requestId, ...parsed });
  const title = status >= 500 ? "The server failed" : "Refused";
  return new Problem(status, { title, detail: `The server answered ${status}.`, request_id: requestId });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Anything thrown as a problem, so that all errors are shown alike. Bugs of ours are logged to the console. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const ours = error instanceof Error && error.constructor === Error && !/https?:/.test(error.message);
  if (!ours) console.warn(error);
  const detail = ours ? error.message : "An unexpected error occurred on this page.";
  return new Problem(0, {
    code: "client",
    title: "Something went wrong on this page",
    detail,
    hint: "Reload the page.",
  });
}
