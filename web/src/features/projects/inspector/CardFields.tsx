import { Select, Textarea, TextInput } from "@mantine/core";
import type { Card } from "@/gen";
import { ColourField } from "./fields";
import styles from "./inspector.module.css";
import { Section } from "./Section";

type Props = { card: Card; onChange: (card: Card, field: string) => void };

/** The words and colours of a title card. */
export function CardFields({ card, onChange }: Props) {
  const { text, subtitle = "", colour = "#ffffff", background = "#000000", align = "center" } = card;
  return (
    <Section title="Card" open>
      <Textarea
        size="xs"
        label="Title"
        autosize
        minRows={1}
        maxRows={4}
        maxLength={500}
        value={text}
        error={text.trim() ? undefined : "A card needs a title"}
        onChange={(event) => onChange({ ...card, text: event.currentTarget.value }, "card text")}
      />
      <TextInput
        size="xs"
        label="Subtitle"
        maxLength={500}
        value={subtitle}
        onChange={(event) => onChange({ ...card, subtitle: event.currentTarget.value }, "card subtitle")}
      />
      <div className={styles.pair}>
        <ColourField label="Word color" value={colour} onChange={(next) => onChange({ ...card, colour: next }, "card c")} />
        <ColourField
          label="Background"
          value={background}
          onChange={(next) => onChange({ ...card, background: next }, "card b")}
        />
      </div>
      <Select
        size="xs"
        label="Alignment"
        data={[
          { value: "center", label: "Center" },
          { value: "left", label: "Left" },
        ]}
        value={align}
        allowDeselect={false}
        onChange={(next) => onChange({ ...card, align: next as Card["align"] }, "card align")}
      />
    </Section>
  );
}
