import type { PromptFile } from "@/gen";

/** The files of a prompt with another one for a parameter, or none. */
export function withInput(
  inputs: readonly PromptFile[],
  parameter: string,
  input: Omit<PromptFile, "parameter"> | null,
): PromptFile[] {
  const others = inputs.filter((each) => each.parameter !== parameter);
  return input ? [...others, { parameter, ...input }] : others;
}
