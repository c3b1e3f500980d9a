import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { RecordIcon, StopIcon } from "@/components/icons";
import { say, showProblem } from "@/components/toast";
import type { Channel } from "@/gen";
import { useRecordChannel } from "../api/record-channel";

/** Record a channel now; while it is recorded, stop it, after a question: what is live cannot be had again. */
export function RecordButton({ channel }: { channel: Channel }) {
  const change = useRecordChannel();
  const [asking, setAsking] = useState(false);
  const running = channel.recordings.filter(({ state }) => state === "recording");
  const stopping = running.length > 0 && running.every(({ stop_requested_at }) => stop_requested_at);
  const start = () =>
    change.mutate(
      { id: channel.id, record: true },
      { onSuccess: () => say(`Recording ${channel.name}`), onError: showProblem(`Couldn't record ${channel.name}`) },
    );
  const stop = () => change.mutate({ id: channel.id, record: false }, { onSuccess: () => setAsking(false) });
  return (
    <>
      {running.length === 0 ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<RecordIcon size={14} />}
          aria-label={`Record ${channel.name}`}
          loading={change.isPending}
          onClick={start}
        >
          Record
        </Button>
      ) : (
        <Button
          size="xs"
          variant="default"
          leftSection={<StopIcon size={14} />}
          aria-label={`Stop recording ${channel.name}`}
          disabled={stopping}
          onClick={() => setAsking(true)}
        >
          {stopping ? "Stopping" : "Stop"}
        </Button>
      )}
      <ConfirmDialog
        opened={asking}
        title="Stop recording?"
        action="Stop"
        busy={change.isPending}
        error={change.error}
        onClose={() => setAsking(false)}
        onConfirm={stop}
      >
        <Text>
          {channel.name} is no longer recorded. What was received becomes a video; what follows is not recorded.
        </Text>
      </ConfirmDialog>
    </>
  );
}
