import type { GenerationModel, GenerationModels, ModelParameter, Prompt } from "@/gen";

export type Value = string | number | boolean;
export type Values = NonNullable<Prompt["parameters"]>;

const plain = (value: unknown): string => String(value);

/** What a parameter takes, in words: "1 to 15 s", "at most 500 characters"; empty for choices and switches. */
export function limitsOf({ kind, minimum, maximum, choices, unit }: ModelParameter): string {
  const of = unit ? ` ${unit}` : "";
  if (choices.length > 0 || kind === "switch" || kind === "choice") return "";
  if (kind === "text") return maximum ? `at most ${maximum.toLocaleString("en")} characters` : "";
  if (minimum !== null && maximum !== null) return `${minimum} to ${maximum}${of}`;
  if (minimum !== null) return `at least ${minimum}${of}`;
  return maximum !== null ? `at most ${maximum}${of}` : "";
}

/** The reason why a parameter does not take a value; null if it does. */
export function refusal(parameter: ModelParameter, value: unknown): string | null {
  const { kind, minimum, maximum, choices, unit, title, name } = parameter;
  const said = title || name;
  if (choices.length > 0)
    return choices.some((each) => plain(each) === plain(value)) ? null : `${said}: choose one of ${choices.join(", ")}`;
  if (kind === "switch") return typeof value === "boolean" ? null : `${said} is on or off`;
  if (kind === "text") return plain(value).length > (maximum ?? Infinity) ? `${said}: ${limitsOf(parameter)}` : null;
  if (kind === "choice") return null;
  const number = Number(value);
  const whole = kind !== "integer" || Number.isInteger(number);
  const within = number >= (minimum ?? -Infinity) && number <= (maximum ?? Infinity);
  if (value !== "" && whole && within) return null;
  const limits = limitsOf(parameter) || (unit ? `a number of ${unit}` : "a number");
  return `${said}: ${whole ? limits : "a whole number"}`;
}

/** The parameters that another model takes, too; the others go back to its defaults. */
export function carried(values: Values, model: GenerationModel): Values {
  const known = new Map(model.parameters.map((parameter) => [parameter.name, parameter]));
  const kept = Object.entries(values).filter(([name, value]) => {
    const parameter = known.get(name);
    return parameter && value !== null && refusal(parameter, value) === null;
  });
  return Object.fromEntries(kept);
}

/** The parameters with one of them changed; undefined sets it back to the default of the model. */
export function withValue(values: Values, name: string, value: Value | undefined): Values {
  const { [name]: _, ...others } = values;
  return value === undefined ? others : { ...others, [name]: value };
}

/** The duration that a prompt asks for, in seconds; null where it does not say. */
export function plannedSeconds({ parameters }: Prompt): number | null {
  const seconds = Number(parameters?.duration);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

export const modelKey = ({ provider, name }: Pick<GenerationModel, "provider" | "name">): string =>
  `${provider} ${name}`;

/** The model of a prompt; without a name the default one of its provider, without a provider that of the server. */
export function modelOf(
  prompt: Pick<Prompt, "provider" | "model">,
  models: GenerationModels,
): GenerationModel | undefined {
  const wanted = prompt.provider ?? models.default_provider;
  const ofProvider = models.items.filter(({ provider }) => provider === wanted);
  return prompt.model ? ofProvider.find(({ name }) => name === prompt.model) : ofProvider.find((each) => each.default);
}

/** The models to choose from, by provider: those that can be used now, and the one in use whatever it is. */
export function modelGroups(models: readonly GenerationModel[], used: GenerationModel | undefined) {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const model of models) {
    if (model !== used && (model.retired || !model.available)) continue;
    const items = groups.get(model.provider) ?? [];
    groups.set(model.provider, [...items, { value: modelKey(model), label: model.title || model.name }]);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}

/** The prompt with another model, and what that takes of its parameters and files. */
export function withModel(prompt: Prompt, model: GenerationModel): Prompt {
  const files = new Set(model.inputs.map(({ parameter }) => parameter));
  return {
    ...prompt,
    provider: model.provider,
    model: model.name,
    parameters: carried(prompt.parameters ?? {}, model),
    inputs: (prompt.inputs ?? []).filter(({ parameter }) => files.has(parameter)),
  };
}

/** Model and chosen parameters in one line: "Local titles (no AI), 4 s, 16:9". */
export function settingsWords(prompt: Prompt, models: GenerationModels | undefined): string {
  const model = models && modelOf(prompt, models);
  const units = new Map(model?.parameters.map(({ name, unit }) => [name, unit]));
  const values = Object.entries(prompt.parameters ?? {})
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([name, value]) => {
      const said = units.get(name) ? `${value} ${units.get(name)}` : `${value}`;
      return name === "seed" ? `seed ${value}` : said;
    });
  return [model?.title ?? prompt.model ?? "Default model", ...values].join(", ");
}

const REQUIRED_FILE = (title: string) => `${title} is missing: this model needs it.`;

/** The reasons why a prompt cannot be generated, as far as the browser knows. */
export function promptProblems(prompt: Prompt, model: GenerationModel | undefined): string[] {
  if (!model) return [];
  const given = new Set((prompt.inputs ?? []).map(({ parameter }) => parameter));
  const missing = model.inputs.filter(({ required, parameter }) => required && !given.has(parameter));
  const values = prompt.parameters ?? {};
  const wrong = model.parameters.flatMap((parameter) => {
    const value = values[parameter.name];
    const said = value === undefined || value === null ? null : refusal(parameter, value);
    return said ? [said] : [];
  });
  return [...missing.map(({ title, parameter }) => REQUIRED_FILE(title || parameter)), ...wrong];
}
