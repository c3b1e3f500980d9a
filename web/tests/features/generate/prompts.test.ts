import { expect, test } from "vitest";
import { promptsOf, promptTitle } from "@/features/generate/prompts";

test.each([
  ["A cat\n\n  A dog \r\n", ["A cat", "A dog"]],
  ["- A cat\n* A dog\n• A cow", ["A cat", "A dog", "A cow"]],
  ["1. A cat\n2) A dog\n12. A cow", ["A cat", "A dog", "A cow"]],
  ["3 cats sleep\n1984 in a film\n-5 degrees", ["3 cats sleep", "1984 in a film", "-5 degrees"]],
  ["\n \n", []],
])("pasted prompts are one a line: %j", (text, prompts) => {
  expect(promptsOf(text)).toEqual(prompts);
});

test("a clip is titled by the first words of its prompt", () => {
  expect(promptTitle("A  cat\nsleeps")).toBe("A cat sleeps");
  expect(promptTitle("A lighthouse keeper climbs the endless stairs while the storm rages outside")).toBe(
    "A lighthouse keeper climbs the endless stairs while the…",
  );
});
