import { Checkbox, Group } from "@mantine/core";
import type { Making } from "../making";

type Props = { value: Making["aspects"]; several: string; onChange: (aspects: Making["aspects"]) => void };

/** Aspect ratios to make; none leaves it to the template. */
export function AspectChoice({ value, several, onChange }: Props) {
  return (
    <Checkbox.Group
      label="Aspect ratios"
      description={several}
      value={value}
      onChange={(next) => onChange(next as Making["aspects"])}
    >
      <Group mt={8} gap={16}>
        <Checkbox value="16:9" label="16:9" />
        <Checkbox value="9:16" label="9:16" />
        <Checkbox value="1:1" label="1:1" />
      </Group>
    </Checkbox.Group>
  );
}
