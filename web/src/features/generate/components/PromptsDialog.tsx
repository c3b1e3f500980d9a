import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Prompt } from "@/gen";
import { count } from "@/lib/format";
import { useLaterOpened } from "@/lib/hooks";
import { LONGEST_PROMPT, MOST_PROMPTS, promptsOf } from "../prompts";
import styles from "./generate.module.css";
import { ModelFields } from "./ModelFields";

type Props = { many: boolean; opened: boolean; onClose: () => void; onAdd: (prompts: Prompt[]) => void };

/** New clips from prompts: one of several lines, or many at once, one a line. */
export default function PromptsDialog({ many, opened, onClose, onAdd }: Props) {
  return (
    <Modal opened={useLaterOpened(opened)} onClose={onClose} title={many ? "Paste prompts" : "New prompt"} size={560}>
      <Form many={many} onAdd={onAdd} />
    </Modal>
  );
}

function Form({ many, onAdd }: Pick<Props, "many" | "onAdd">) {
  const [text, setText] = useState("");
  const [common, setCommon] = useState<Prompt>({ text: "" });
  const texts = many ? promptsOf(text) : text.trim() ? [text.trim()] : [];
  const problem = problemOf(texts);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (texts.length > 0 && !problem) onAdd(texts.map((each) => ({ ...common, text: each })));
  };
  return (
    <form onSubmit={add}>
      <Stack gap={14}>
        <Textarea
          label={many ? "Prompts, one a line" : "Prompt"}
          placeholder={
            many ? "A lighthouse at dawn\nWaves break on the rocks\nThe keeper climbs the stairs" : undefined
          }
          description={
            many ? "Each line becomes a clip. Bullets and numbers at the beginning are left out." : undefined
          }
          autosize
          minRows={many ? 6 : 4}
          maxRows={14}
          value={text}
          error={problem}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.common}>
          <ModelFields prompt={common} follows onChange={setCommon} />
        </div>
        <Group justify="space-between" gap={8}>
          <span className="dim" role="status">
            {many ? count(texts.length, "prompt") : ""}
          </span>
          <Button type="submit" disabled={texts.length === 0 || problem !== null}>
            {many ? `Add ${count(texts.length, "clip")}` : "Add clip"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function problemOf(texts: readonly string[]): string | null {
  if (texts.length > MOST_PROMPTS) return `${texts.length} prompts; at most ${MOST_PROMPTS} are added at once.`;
  const long = texts.findIndex((text) => text.length > LONGEST_PROMPT);
  return long < 0 ? null : `Prompt ${long + 1} is longer than ${LONGEST_PROMPT.toLocaleString("en")} characters.`;
}
