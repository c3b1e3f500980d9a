import { NumberInput } from "@mantine/core";
import { useId } from "react";
import styles from "./inspector.module.css";

type NumberProps = {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  suffix?: string;
  /** Decimal places. */
  decimals?: number;
  description?: string;
  onChange: (value: number) => void;
};

/** A number within limits; what is not a number yet changes nothing. */
export function NumberField({ value, decimals = 2, onChange, min, max, ...rest }: NumberProps) {
  return (
    <NumberInput
      {...rest}
      size="xs"
      min={min}
      max={max}
      clampBehavior="blur"
      decimalScale={decimals}
      value={Number(value.toFixed(decimals))}
      onChange={(next) => {
        if (typeof next === "number" && next >= min && next <= max && next !== value) onChange(next);
      }}
    />
  );
}

type ColourProps = { label: string; value: string; onChange: (value: string) => void };

/** A colour, picked with the browser's own picker. */
export function ColourField({ label, value, onChange }: ColourProps) {
  const id = useId();
  return (
    <div className={styles.colour}>
      <label htmlFor={id}>{label}</label>
      <input id={id} type="color" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}

/** A share as a whole percentage. */
export function PercentField({
  value,
  onChange,
  min = 0,
  max = 1,
  ...rest
}: Omit<NumberProps, "step" | "min" | "max"> & { min?: number; max?: number }) {
  return (
    <NumberField
      {...rest}
      suffix=" %"
      decimals={0}
      step={5}
      min={min * 100}
      max={max * 100}
      value={value * 100}
      onChange={(percent) => onChange(percent / 100)}
    />
  );
}

/** Seconds of a fade, a transition or a time. */
export const SecondsField = (props: Omit<NumberProps, "step" | "suffix" | "min"> & { min?: number }) => (
  <NumberField min={0} {...props} step={0.1} suffix=" s" />
);
