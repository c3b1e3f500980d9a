import { NumberInput, Select, Textarea } from "@mantine/core";
import type { Field } from "@/gen";
import { fieldTitle } from "../document";
import { FileField } from "./FileField";

type Props = {
  fields: readonly Field[];
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
};

/** One input for each field of a template. */
export function FieldInputs({ fields, values, onChange }: Props) {
  return fields.map((field) => {
    const label = fieldTitle(field);
    const value = values[field.name] ?? "";
    const set = (next: string) => onChange({ ...values, [field.name]: next });
    const required = field.default == null;
    if (field.type === "choice")
      return (
        <Select
          key={field.name}
          label={label}
          data={field.choices ?? []}
          value={value || null}
          required={required}
          withAsterisk={false}
          onChange={(next) => set(next ?? "")}
        />
      );
    if (field.type === "number")
      return (
        <NumberInput
          key={field.name}
          label={label}
          min={field.minimum ?? undefined}
          max={field.maximum ?? undefined}
          value={value}
          required={required}
          withAsterisk={false}
          onChange={(next) => set(String(next))}
        />
      );
    if (field.type === "image" || field.type === "video")
      return (
        <FileField key={field.name} kind={field.type} label={label} value={value} required={required} onChange={set} />
      );
    return (
      <Textarea
        key={field.name}
        label={label}
        autosize
        maxRows={8}
        maxLength={5000}
        value={value}
        required={required}
        withAsterisk={false}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  });
}
