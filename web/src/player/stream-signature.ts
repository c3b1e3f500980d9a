/**
 * The signature of a stream: the query that its playlists and segments share. A new one takes the place of those before
 * it in all that is still asked for, so that the stream goes on without being read anew.
 */
export class StreamSignature {
  #now: string;
  readonly #before = new Set<string>();

  constructor(path: string) {
    this.#now = queryOf(path);
  }

  renew(path: string): void {
    const query = queryOf(path);
    if (query === this.#now) return;
    this.#before.add(this.#now);
    this.#now = query;
  }

  /** The address to ask in place of one that was listed earlier. */
  fresh(url: string): string {
    return this.isOld(url) ? url.slice(0, url.indexOf("?")) + this.#now : url;
  }

  isOld = (url: string): boolean => this.#before.has(queryOf(url));

  /** Whether it is this signature that *url* carries; a piece of a project's preview has one of its own. */
  signs = (url: string): boolean => queryOf(url) === this.#now || this.isOld(url);
}

const queryOf = (url: string): string => (url.includes("?") ? url.slice(url.indexOf("?")) : "");
