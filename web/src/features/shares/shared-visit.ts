import { playShared, type SharedPlayback, type SharedPlaybackRequestWritable } from "@/gen";
import { unwrap } from "@/lib/api";
import { Cell } from "@/lib/cell";
import { asProblem } from "@/lib/problem";

type PlayRequest = Pick<SharedPlaybackRequestWritable, "kind" | "rendition" | "download">;

const LOCKED = ["share_password_required", "share_password_wrong"];

/** One viewer of one share link, with the unlock token that replaces the password until the tab is closed. */
export class SharedVisit {
  /** True while the password is needed: it was not entered yet, or it has changed. */
  readonly locked: Cell<boolean>;
  #pass: string | null;
  readonly #viewer: string;

  constructor(readonly token: string) {
    this.#pass = kept(this.#key("pass"));
    this.#viewer = kept(this.#key("viewer")) ?? keep(this.#key("viewer"), random());
    this.locked = new Cell(this.#pass === null);
  }

  /** The unlock token; null for a link without a password. */
  get pass(): string | null {
    return this.#pass;
  }

  /** Enter the password; throws what the server refuses. */
  async enter(password: string): Promise<SharedPlayback> {
    const entered = await this.#request({ kind: "thumbnail", password });
    this.locked.set(false);
    return entered;
  }

  /** A signed URL of the video, or of something generated from it. */
  play = async (request: PlayRequest): Promise<SharedPlayback> => {
    try {
      return await this.#request({ ...request, pass_token: this.#pass });
    } catch (error) {
      if (LOCKED.includes(asProblem(error).code)) {
        this.#pass = null;
        this.locked.set(true);
      }
      throw error;
    }
  };

  async #request(body: SharedPlaybackRequestWritable): Promise<SharedPlayback> {
    const given = await unwrap(playShared({ path: { token: this.token }, body: { ...body, viewer: this.#viewer } }));
    if (given.pass_token) this.#pass = keep(this.#key("pass"), given.pass_token);
    return given;
  }

  // enough of the token to distinguish links, too little to use one
  #key = (what: string): string => `playhead-${what}-${this.token.slice(0, 12)}`;
}

const random = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function kept(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // an iframe may have no storage
  }
}

function keep(key: string, value: string): string {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // the password is needed again after a reload
  }
  return value;
}
