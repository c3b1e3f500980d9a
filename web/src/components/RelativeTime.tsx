import { Tooltip } from "@mantine/core";
import { ago, exactTime } from "@/lib/format";
import { useNow } from "@/lib/hooks";

/** A relative time, with the exact one on hover. */
export function RelativeTime({ time }: { time: string }) {
  const now = useNow(30_000);
  return (
    <Tooltip label={exactTime(time)}>
      <time dateTime={time}>{ago(time, now)}</time>
    </Tooltip>
  );
}
