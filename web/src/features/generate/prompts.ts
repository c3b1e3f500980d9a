export const LONGEST_PROMPT = 10_000;
export const MOST_PROMPTS = 200;

/** The prompts of a pasted text: one a line, without empty lines, bullets and numbers at the beginning. */
export const promptsOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/, "").trim())
    .filter(Boolean);

const TITLE_LETTERS = 60;

/** The first words of a prompt, as the title of its clip. */
export function promptTitle(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  if (line.length <= TITLE_LETTERS) return line;
  const cut = line.slice(0, TITLE_LETTERS);
  const space = cut.lastIndexOf(" ");
  return `${space > 20 ? cut.slice(0, space) : cut}…`;
}
