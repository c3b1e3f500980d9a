import { describe, expect, it } from "vitest";
import { csvHead, fieldsOf, fieldTitle, startOf, withField, withPrompt } from "@/features/templates/document";
import type { Document } from "@/gen";

const document: Document = {
  title: "{{product}} ad",
  clips: [{ prompt: { text: "A {{ colour }} {{product}}", model: "titles" } }, { video_id: "vid_1" }],
  fields: [{ name: "seconds", type: "number", default: 4 }],
};

describe("fields of a template", () => {
  it("are those declared, then those used, each once", () => {
    expect(fieldsOf(document).map(({ name }) => name)).toEqual(["seconds", "product", "colour"]);
  });

  it("are declared by an edit, and the others stay", () => {
    const changed = withField(document, { name: "colour", type: "choice", choices: ["red"] });
    expect(changed.fields?.map(({ name, type }) => [name, type])).toEqual([
      ["seconds", "number"],
      ["product", undefined],
      ["colour", "choice"],
    ]);
  });

  it("begin a form with their defaults, and a CSV file with their names", () => {
    const fields = fieldsOf(document);
    expect(startOf({ fields })).toEqual({ seconds: "4", product: "", colour: "" });
    expect(csvHead({ fields })).toBe("seconds,product,colour");
    expect(fieldTitle({ name: "product_name" })).toBe("Product name");
  });
});

describe("an edited prompt", () => {
  it("keeps its model, and the other clips", () => {
    expect(withPrompt(document, 0, "Nothing").clips).toEqual([
      { prompt: { text: "Nothing", model: "titles" } },
      { video_id: "vid_1" },
    ]);
  });
});
