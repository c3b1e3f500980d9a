import { ActionIcon, Button, Chip, Group, Input, Text, TextInput } from "@mantine/core";
import { CloseIcon, PlusIcon } from "@/components/icons";
import type { Window } from "@/gen";
import { dayWord, WEEKDAYS } from "../words";
import styles from "./live.module.css";

type Props = { windows: Window[]; onChange: (windows: Window[]) => void };

const EVENING: Window = { weekdays: [], start: "18:00", end: "23:00" };

/** Hours of the week in which a channel is recorded. */
export function ScheduleFields({ windows, onChange }: Props) {
  const put = (at: number, change: Partial<Window>) =>
    onChange(windows.map((window, n) => (n === at ? { ...window, ...change } : window)));
  return (
    <Input.Wrapper label="Schedule" labelElement="div">
      {windows.length === 0 && <Text className="dim small">At any time.</Text>}
      {windows.map((window, at) => (
        <div key={at} className={styles.window}>
          <Chip.Group
            multiple
            value={window.weekdays ?? []}
            onChange={(days) => put(at, { weekdays: days as Window["weekdays"] })}
          >
            <Group gap={4}>
              {WEEKDAYS.map((day) => (
                <Chip key={day} value={day} size="xs" classNames={{ label: styles.day }}>
                  {dayWord(day)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
          <Group gap={6} wrap="nowrap">
            <TextInput
              type="time"
              required
              aria-label="From"
              value={window.start}
              onChange={(event) => put(at, { start: event.currentTarget.value })}
            />
            <span className="dim">to</span>
            <TextInput
              type="time"
              required
              aria-label="To"
              value={window.end}
              onChange={(event) => put(at, { end: event.currentTarget.value })}
            />
            <ActionIcon aria-label="Remove these hours" onClick={() => onChange(windows.filter((_, n) => n !== at))}>
              <CloseIcon size={14} />
            </ActionIcon>
          </Group>
        </div>
      ))}
      {windows.length > 0 && (
        <Text className="dim tiny">Without a day: every day. To a time before the start: over midnight.</Text>
      )}
      <Button
        mt={6}
        size="xs"
        variant="default"
        leftSection={<PlusIcon size={14} />}
        onClick={() => onChange([...windows, EVENING])}
      >
        Add hours
      </Button>
    </Input.Wrapper>
  );
}
