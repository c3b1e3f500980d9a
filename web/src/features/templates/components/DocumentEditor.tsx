import { Button, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { say } from "@/components/toast";
import type { Document, Template } from "@/gen";
import { useChangeTemplate } from "../api/save-template";
import { clipsOf, fieldsOf, withField, withPrompt } from "../document";
import { FieldRow } from "./FieldRow";
import styles from "./templates.module.css";

/** The editor of a template's fields, title and prompts; nothing is changed until it is saved. */
export function DocumentEditor({ template }: { template: Template }) {
  const [draft, setDraft] = useState<Document | null>(null);
  const change = useChangeTemplate(template.id);
  const document = draft ?? template.document;
  const fields = fieldsOf(document);
  const save = () =>
    change.mutate(
      { document: { ...document, fields }, version: template.version },
      {
        onSuccess: () => {
          setDraft(null);
          say("Template saved");
        },
      },
    );
  return (
    <>
      <section className={styles.section} aria-label="Fields">
        <h2>Fields</h2>
        {fields.length === 0 && (
          <p className="dim">{"No fields yet. Write {{name}} into a prompt where a value goes."}</p>
        )}
        {fields.map((field) => (
          <FieldRow key={field.name} field={field} onChange={(next) => setDraft(withField(document, next))} />
        ))}
      </section>
      <section className={styles.section} aria-label="Project">
        <h2>Project</h2>
        <Stack gap={12}>
          <TextInput
            label="Title of its projects"
            maxLength={500}
            value={document.title}
            onChange={(event) => setDraft({ ...document, title: event.currentTarget.value })}
          />
          {clipsOf(document).map((clip, index) =>
            clip.prompt ? (
              <Textarea
                key={index}
                label={`Clip ${index + 1}`}
                autosize
                minRows={2}
                maxRows={10}
                maxLength={10_000}
                value={clip.prompt.text}
                onChange={(event) => setDraft(withPrompt(document, index, event.currentTarget.value))}
              />
            ) : (
              <TextInput key={index} label={`Clip ${index + 1}, a video`} value={clip.video_id ?? ""} readOnly />
            ),
          )}
        </Stack>
      </section>
      {draft && (
        <div className={styles.save}>
          {change.error ? <ErrorNote error={change.error} compact /> : null}
          <Button
            variant="default"
            onClick={() => {
              setDraft(null);
              change.reset();
            }}
          >
            Discard
          </Button>
          <Button loading={change.isPending} onClick={save}>
            Save changes
          </Button>
        </div>
      )}
    </>
  );
}
