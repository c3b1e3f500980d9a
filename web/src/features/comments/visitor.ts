const NAME = "playhead-visitor-name";
const SECRET = "playhead-visitor";

/** The name that a visitor gave last. */
export const keptName = (): string => read(NAME) ?? "";

export const keepName = (name: string): void => write(NAME, name);

/** The secret by which this browser may change what it wrote; a new one where nothing can be kept. */
export function visitorSecret(): string {
  const known = read(SECRET) ?? made;
  if (known) return known;
  made = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  write(SECRET, made);
  return made;
}

let made: string | null = null;

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // it lasts as long as the page
  }
}
