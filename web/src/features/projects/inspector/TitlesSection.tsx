import { Button, Checkbox, Group, Select, Textarea } from "@mantine/core";
import { PlusIcon, TrashIcon } from "@/components/icons";
import type { Title } from "@/gen";
import type { DraftClip } from "../editor/draft";
import { reelLength } from "../editor/times";
import type { Change } from "./ClipEffects";
import { ColourField, NumberField, SecondsField } from "./fields";
import styles from "./inspector.module.css";
import { Section } from "./Section";

const PLACES = [
  { value: "lower_third", label: "Lower third" },
  { value: "center", label: "Center" },
  { value: "top", label: "Top" },
  { value: "bottom", label: "Bottom" },
];
const MOTIONS = [
  { value: "fade", label: "Fade" },
  { value: "slide", label: "Slide" },
  { value: "none", label: "At once" },
];
const MOST = 20;

/** Words over a clip: lower thirds and titles, with their times from the clip's start. */
export function TitlesSection({ clip, change }: { clip: DraftClip; change: Change }) {
  const length = reelLength(clip);
  const { titles } = clip;
  const add = (place: Title["place"]) =>
    change(
      { titles: [...titles, { text: "Title", place, start_s: 0, end_s: Math.min(length, 4) || 1 }] },
      `titles ${titles.length + 1}`,
    );
  const put = (at: number, title: Title | null, field: string) =>
    change(
      { titles: titles.flatMap((each, n) => (n === at ? (title ? [title] : []) : [each])) },
      `title ${at} ${field}`,
    );
  return (
    <Section title="Titles" value={titles.length ? titles.map(({ text }) => text).join(", ") : null}>
      {titles.map((title, at) => (
        <TitleFields key={at} title={title} number={at + 1} length={length} onChange={(to, f) => put(at, to, f)} />
      ))}
      <Group gap={8}>
        {(["lower_third", "center"] as const).map((place) => (
          <Button
            key={place}
            size="xs"
            variant="default"
            disabled={titles.length >= MOST}
            leftSection={<PlusIcon size={14} />}
            onClick={() => add(place)}
          >
            {place === "center" ? "Title" : "Lower third"}
          </Button>
        ))}
      </Group>
    </Section>
  );
}

type FieldsProps = {
  title: Title;
  number: number;
  length: number;
  onChange: (title: Title | null, field: string) => void;
};

function TitleFields({ title, number, length, onChange }: FieldsProps) {
  const { text, start_s = 0, end_s, place = "lower_third", size = 0.06, colour = "#ffffff" } = title;
  const { background = "#000000", enter = "fade", exit = "fade" } = title;
  const set = (patch: Partial<Title>, field: string) => onChange({ ...title, ...patch }, field);
  return (
    <fieldset className={styles.item} aria-label={`Title ${number}`}>
      <Textarea
        size="xs"
        label="Words"
        autosize
        minRows={1}
        maxRows={4}
        maxLength={500}
        value={text}
        error={text.trim() ? undefined : "A title needs words"}
        onChange={(event) => set({ text: event.currentTarget.value }, "text")}
      />
      <div className={styles.pair}>
        <SecondsField
          label="From"
          max={Math.max(0, end_s - 0.1)}
          value={start_s}
          onChange={(next) => set({ start_s: next }, "start")}
        />
        <SecondsField
          label="To"
          min={start_s + 0.1}
          max={Math.max(length, end_s)}
          value={end_s}
          onChange={(next) => set({ end_s: next }, "end")}
        />
        <Select
          size="xs"
          label="Place"
          data={PLACES}
          value={place}
          allowDeselect={false}
          onChange={(next) => set({ place: next as Title["place"] }, "place")}
        />
        <NumberField
          label="Size"
          suffix=" %"
          min={2}
          max={40}
          step={1}
          decimals={1}
          value={size * 100}
          onChange={(next) => set({ size: next / 100 }, "size")}
        />
        <Select
          size="xs"
          label="Comes in"
          data={MOTIONS}
          value={enter}
          allowDeselect={false}
          onChange={(next) => set({ enter: next as Title["enter"] }, "enter")}
        />
        <Select
          size="xs"
          label="Goes"
          data={MOTIONS}
          value={exit}
          allowDeselect={false}
          onChange={(next) => set({ exit: next as Title["exit"] }, "exit")}
        />
        <ColourField label="Word color" value={colour} onChange={(next) => set({ colour: next }, "colour")} />
        {background !== null && (
          <ColourField label="Plate color" value={background} onChange={(next) => set({ background: next }, "plate")} />
        )}
      </div>
      <div className={styles.row}>
        <Checkbox
          size="xs"
          label="Plate behind the words"
          checked={background !== null}
          onChange={(event) => set({ background: event.currentTarget.checked ? "#000000" : null }, "plate on")}
        />
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          aria-label={`Remove title ${number}`}
          onClick={() => onChange(null, "remove")}
        >
          <TrashIcon size={16} />
        </Button>
      </div>
    </fieldset>
  );
}
