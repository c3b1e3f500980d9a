import type { Document, Field, Template } from "@/gen";

/** A clip of a template's document, as far as the page edits it. */
export type DocumentClip = { prompt?: { text: string; model?: string }; video_id?: string };

export const clipsOf = (document: Document): readonly DocumentClip[] => (document.clips ?? []) as DocumentClip[];

/** The document with another text in one of its prompts. */
export function withPrompt(document: Document, index: number, text: string): Document {
  const clips = (document.clips ?? []).map((clip, at) =>
    at === index ? { ...clip, prompt: { ...(clip.prompt as object), text } } : clip,
  );
  return { ...document, clips };
}

const PLACE = /\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}/g;

/** Fields of a document, declared or not, in the order of the server's. */
export function fieldsOf(document: Document): Field[] {
  const fields = new Map((document.fields ?? []).map((field) => [field.name, field]));
  const { fields: _, ...content } = document;
  for (const [, name] of JSON.stringify(content).matchAll(PLACE))
    if (name && !fields.has(name)) fields.set(name, { name });
  return [...fields.values()];
}

/** The document with another declaration of a field. */
export function withField(document: Document, field: Field): Document {
  const fields = fieldsOf(document).map((each) => (each.name === field.name ? field : each));
  return { ...document, fields };
}

/** Values to begin a form with: the defaults. */
export const startOf = ({ fields }: Pick<Template, "fields">): Record<string, string> =>
  Object.fromEntries(fields.map(({ name, default: value }) => [name, value == null ? "" : String(value)]));

/** The first line of a CSV file for a template, for a spreadsheet to begin with. */
export const csvHead = ({ fields }: Pick<Template, "fields">): string => fields.map(({ name }) => name).join(",");

export const fieldTitle = ({ title, name }: Field): string =>
  title || name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
