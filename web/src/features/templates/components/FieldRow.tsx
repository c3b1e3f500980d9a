import { NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import type { Field } from "@/gen";
import styles from "./templates.module.css";

const TYPES = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "choice", label: "Choice" },
  { value: "image", label: "Image id" },
  { value: "video", label: "Video id" },
];

type Props = { field: Field; onChange: (field: Field) => void };

/** The declaration of one field: its type, and its default or its choices. */
export function FieldRow({ field, onChange }: Props) {
  const type = field.type ?? "text";
  const pick = (value: string | null) => {
    const next = (value ?? "text") as NonNullable<Field["type"]>;
    onChange({ name: field.name, title: field.title, type: next, ...(next === "choice" && { choices: ["First"] }) });
  };
  return (
    <div className={styles.field}>
      <span className={styles.fieldName}>{field.name}</span>
      <Select aria-label={`Type of ${field.name}`} data={TYPES} value={type} allowDeselect={false} onChange={pick} />
      {type === "choice" ? (
        <TagsInput
          aria-label={`Choices of ${field.name}`}
          placeholder="Add a choice"
          value={field.choices ?? []}
          onChange={(choices) => onChange({ ...field, choices, default: null })}
        />
      ) : type === "number" ? (
        <NumberInput
          aria-label={`Default of ${field.name}`}
          placeholder="Must be given"
          value={field.default ?? ""}
          onChange={(value) => onChange({ ...field, default: value === "" ? null : Number(value) })}
        />
      ) : (
        <TextInput
          aria-label={`Default of ${field.name}`}
          placeholder="Must be given"
          maxLength={5000}
          value={field.default ?? ""}
          onChange={(event) => onChange({ ...field, default: event.currentTarget.value || null })}
        />
      )}
    </div>
  );
}
