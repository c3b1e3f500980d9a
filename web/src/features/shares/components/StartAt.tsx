import { Checkbox } from "@mantine/core";
import { duration } from "@/lib/format";

export type Start = { now: number; startAt: number; onAtNow: (chosen: boolean) => void };

/** An option that starts the link at the player's time. */
export function StartAt({ now, startAt, onAtNow }: Start) {
  if (now < 1) return null;
  return (
    <Checkbox
      size="xs"
      label={`Start at ${duration(Math.floor(now))}`}
      checked={startAt > 0}
      onChange={(event) => onAtNow(event.currentTarget.checked)}
    />
  );
}
