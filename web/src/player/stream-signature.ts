/** What a player adds to the URL of a playlist that grows: `_HLS_msn`, `_HLS_part`, `_HLS_skip`. */
const DIRECTIVES = /(&_HLS_\w+=\w+)+$/;

/**
 * The signature of a stream: the query string shared by its playlists and segments. A new signature replaces the
 * earlier ones in all further requests, so that the stream continues without being loaded again.
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

  /** The URL to request instead of one listed earlier; delivery directives stay. */
  fresh(url: string): string {
    return this.isOld(url) ? url.slice(0, url.indexOf("?")) + this.#now + directivesOf(url) : url;
  }

  isOld = (url: string): boolean => this.#before.has(queryOf(url));

  /** Whether *url* carries this signature; segments of a project preview have their own. */
  signs = (url: string): boolean => queryOf(url) === this.#now || this.isOld(url);
}

const queryOf = (url: string): string => (url.includes("?") ? url.slice(url.indexOf("?")) : "").replace(DIRECTIVES, "");

const directivesOf = (url: string): string => DIRECTIVES.exec(url)?.[0] ?? "";
