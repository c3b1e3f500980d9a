import { expect, test } from "vitest";
import {
  carried,
  limitsOf,
  modelGroups,
  modelOf,
  promptProblems,
  refusal,
  withModel,
  withValue,
} from "@/features/generate/parameters";
import type { GenerationModel, ModelParameter } from "@/gen";

const usual = { kind: "number", title: "", unit: "", minimum: null, maximum: null, choices: [], default: null };
const parameter = (name: string, given: Partial<ModelParameter> = {}) =>
  ({ name, ...usual, ...given }) as ModelParameter;
const duration = parameter("duration", { title: "Duration", kind: "integer", unit: "s", minimum: 1, maximum: 15 });
const aspect = parameter("aspect", { title: "Aspect", kind: "choice", choices: ["16:9", "9:16"] });
const audio = parameter("audio", { title: "Audio", kind: "switch" });
const usable = { available: true, retired: false, default: false, parameters: [], inputs: [] };
const model = (provider: string, name: string, given: Partial<GenerationModel> = {}) =>
  ({ provider, name, title: name, ...usable, ...given }) as unknown as GenerationModel;
const image = {
  parameter: "image",
  kind: "image",
  title: "Image",
  required: true,
} as GenerationModel["inputs"][number];
const titles = model("local", "titles", { default: true, parameters: [duration, aspect, audio] });
const film = model("replicate", "film", { default: true, parameters: [aspect], inputs: [image] });

test.each([
  [duration, 4, null],
  [duration, 16, "Duration: 1 to 15 s"],
  [duration, 2.5, "Duration: a whole number"],
  [duration, "", "Duration: 1 to 15 s"],
  [aspect, "16:9", null],
  [aspect, "4:3", "Aspect: choose one of 16:9, 9:16"],
  [audio, true, null],
  [parameter("seed", { kind: "integer" }), 4_000_000_000, null],
  [parameter("negative", { kind: "text", maximum: 3 }), "rain", "negative: at most 3 characters"],
])("a value is taken, or refused with the limits: %#", (of, value, refused) => {
  expect(refusal(of, value)).toBe(refused);
});

test("limits are said where a field does not show them", () => {
  expect([duration, aspect, audio, parameter("fps", { minimum: 5 })].map(limitsOf)).toEqual([
    "1 to 15 s",
    "",
    "",
    "at least 5",
  ]);
});

test("another model takes what it knows of the parameters and files", () => {
  const first = { parameter: "image", image_id: "img_1" };
  const prompt = {
    text: "A cat",
    parameters: { duration: 4, aspect: "9:16", audio: false },
    inputs: [first, { parameter: "end", image_id: "img_2" }],
  };

  expect(withModel(prompt, film)).toEqual({
    text: "A cat",
    provider: "replicate",
    model: "film",
    parameters: { aspect: "9:16" },
    inputs: [first],
  });
  expect(carried({ duration: 99, aspect: "9:16" }, titles)).toEqual({ aspect: "9:16" });
});

test("a parameter without a value is left to the model", () => {
  expect(withValue({ seed: 3, duration: 4 }, "seed", undefined)).toEqual({ duration: 4 });
});

test("a prompt that names no model has the default one", () => {
  const models = { items: [film, titles], default_provider: "local" };
  const prompts = [{}, { provider: "replicate" }, { provider: "local", model: "film" }];

  expect(prompts.map((each) => modelOf(each, models)?.name)).toEqual(["titles", "film", undefined]);
});

test("only models that can be used are offered, and the one in use", () => {
  const gone = model("replicate", "old", { retired: true });
  const away = model("fal", "film", { available: false });

  expect(modelGroups([titles, film, gone, away], undefined).map(({ group }) => group)).toEqual(["local", "replicate"]);
  expect(modelGroups([titles, gone], gone).at(-1)?.items).toEqual([{ value: "replicate old", label: "old" }]);
});

test("what a prompt lacks is said before it is generated", () => {
  expect(promptProblems({ text: "A cat" }, film)).toEqual(["Image is missing: this model needs it."]);
  expect(promptProblems({ text: "A cat", parameters: { duration: 0 } }, titles)).toEqual(["Duration: 1 to 15 s"]);
});
