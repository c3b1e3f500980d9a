import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ModelParameter } from "@/gen";
import { limitsOf, refusal, type Value, type Values, withValue } from "../parameters";
import styles from "./generate.module.css";

type Props = {
  parameters: readonly ModelParameter[];
  values: Values;
  onChange: (values: Values, merge?: string) => void;
};

/** The fields of a model's parameters; one that is empty is left to the model's default. */
export function ParameterFields({ parameters, values, onChange }: Props) {
  if (parameters.length === 0) return null;
  return (
    <div className={styles.parameters}>
      {parameters.map((parameter) => (
        <Field
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name]}
          onChange={(value) => onChange(withValue(values, parameter.name, value), `parameter ${parameter.name}`)}
        />
      ))}
    </div>
  );
}

type FieldProps = { parameter: ModelParameter; value: unknown; onChange: (value: Value | undefined) => void };

function Field({ parameter, value, onChange }: FieldProps) {
  const { kind, choices, title, name, unit, default: usual } = parameter;
  const label = title || name;
  if (kind === "switch")
    return (
      <Switch
        className={styles.switch}
        label={label}
        size="sm"
        checked={Boolean(value ?? usual)}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  if (choices.length > 0)
    return (
      <Select
        label={label}
        data={choices.map((each) => ({ value: String(each), label: unit ? `${each} ${unit}` : String(each) }))}
        value={value === undefined || value === null ? null : String(value)}
        placeholder={usual === null ? "Default" : `${usual}${unit ? ` ${unit}` : ""}`}
        allowDeselect
        onChange={(chosen) => onChange(choices.find((each) => String(each) === chosen))}
      />
    );
  return kind === "text" || kind === "choice" ? (
    <TypedText parameter={parameter} value={value} onChange={onChange} />
  ) : (
    <TypedNumber parameter={parameter} value={value} onChange={onChange} />
  );
}

/** A number with its limits; what is beyond them stays in the field, with the reason, and is not saved. */
function TypedNumber({ parameter, value, onChange }: FieldProps) {
  const [typed, setTyped] = useState<string | number | null>(null);
  const { title, name, minimum, maximum, default: usual } = parameter;
  const shown = typed ?? (value as number | undefined) ?? "";
  const wrong = typed === null || typed === "" ? null : refusal(parameter, typed);
  const isSeed = name === "seed";
  return (
    <NumberInput
      label={title || name}
      value={shown}
      description={isSeed ? undefined : limitsOf(parameter)}
      placeholder={isSeed ? "Random" : usual === null ? "Default" : String(usual)}
      min={minimum ?? undefined}
      max={maximum ?? undefined}
      clampBehavior="none"
      allowDecimal={parameter.kind === "number"}
      error={wrong}
      onChange={(next) => {
        setTyped(next);
        if (next === "") onChange(undefined);
        else if (refusal(parameter, next) === null) onChange(Number(next));
      }}
      onBlur={() => wrong === null && setTyped(null)}
      inputWrapperOrder={["label", "input", "description", "error"]}
    />
  );
}

function TypedText({ parameter, value, onChange }: FieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const { title, name, description, default: usual } = parameter;
  const wrong = typed ? refusal(parameter, typed) : null;
  return (
    <TextInput
      className={styles.wide}
      label={title || name}
      description={description || undefined}
      value={typed ?? String(value ?? "")}
      placeholder={usual === null ? "" : String(usual)}
      error={wrong}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        if (refusal(parameter, currentTarget.value) === null) onChange(currentTarget.value || undefined);
      }}
      onBlur={() => wrong === null && setTyped(null)}
    />
  );
}
