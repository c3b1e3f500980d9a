import { Tooltip } from "@mantine/core";
import { ago, exactTime } from "@/lib/format";
import { useNow } from "@/lib/hooks";

/** A time as distance from now, the exact one on hover. */
export function RelativeTime({ time }: { time: string }) {
  const now = useNow(30_000);
  return (
    <Tooltip label={exactTime(time)}>
      <time dateTime={time}>{ago(time, now)}</time>
    </Tooltip>
  );
}
