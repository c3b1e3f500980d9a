import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { CheckCircleIcon, ErrorIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import type { Channel, ChannelTest } from "@/gen";
import { codec, resolution } from "@/lib/format";
import { useLaterOpened } from "@/lib/hooks";
import { useTestChannel } from "../api/test-channel";
import styles from "./live.module.css";

/** What would be recorded of a channel now; nothing is started. */
export function TestDialog({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  const { mutate, reset, data, error, isPending } = useTestChannel();
  const id = channel?.id;
  useEffect(() => {
    reset();
    if (id) mutate(id);
  }, [id, mutate, reset]);
  return (
    <Modal
      opened={useLaterOpened(channel !== null)}
      onClose={onClose}
      title={channel ? `Test of ${channel.name}` : ""}
      size={520}
    >
      <Stack gap={14} aria-live="polite">
        {isPending && (
          <>
            <Text className="dim">Opening the source and receiving a few seconds of it. Nothing is recorded.</Text>
            <Skeleton h={120} />
          </>
        )}
        {error && <ErrorNote error={error} compact />}
        {data && <Findings found={data} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" disabled={isPending || !id} onClick={() => id && mutate(id)}>
            Test again
          </Button>
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const LIVE = new Map([
  [true, "Live now"],
  [false, "Not live"],
]);

function Findings({ found }: { found: ChannelTest }) {
  const { probed } = found;
  const video = probed?.video_codec && `${resolution(probed.width, probed.height)}, ${codec(probed.video_codec)}`;
  const facts: [string, string | null | undefined][] = [
    ["Source", LIVE.get(found.live as boolean) ?? "Could not be found out"],
    ["Opened by", found.resolved_by],
    ["Qualities", found.qualities.join(", ")],
    [
      "Records",
      Object.entries(found.chosen)
        .map(([wanted, chosen]) => (wanted === chosen ? chosen : `${chosen} for ${wanted}`))
        .join(", "),
    ],
    ["Video", video],
    ["Audio", probed && (probed.audio_codec ? codec(probed.audio_codec) : "none")],
    ["Title", found.title],
    ["Category", found.category],
    ["Name", found.names.join(", ")],
  ];
  return (
    <>
      <Group gap={10} wrap="nowrap" align="flex-start" className={styles.verdict} data-good={found.would_record}>
        {found.would_record ? <CheckCircleIcon size={20} /> : <ErrorIcon size={20} />}
        <div>
          <Text fw={500}>{found.would_record ? "It would be recorded now" : "It would not be recorded now"}</Text>
          {found.reasons.map((reason) => (
            <Text key={reason}>{reason}</Text>
          ))}
          {found.error && (
            <Text className="dim">
              {found.error.message} {found.error.hint}
            </Text>
          )}
        </div>
      </Group>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
