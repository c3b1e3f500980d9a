import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { StopIcon } from "@/components/icons";
import type { Recording } from "@/gen";
import { useStopRecording } from "../api/stop-recording";

/** Stops a recording, after a confirmation: what is broadcast afterwards is lost. */
export function StopRecording({ recording }: { recording: Recording }) {
  const [asking, setAsking] = useState(false);
  const stop = useStopRecording(recording.id);
  const close = () => {
    setAsking(false);
    stop.reset();
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<StopIcon size={16} />}
        disabled={recording.stop_requested_at !== null}
        onClick={() => setAsking(true)}
      >
        {recording.stop_requested_at ? "Stopping" : "Stop recording"}
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Stop this recording?"
        action="Stop recording"
        busy={stop.isPending}
        error={stop.error}
        onClose={close}
        onConfirm={() => stop.mutate(undefined, { onSuccess: close })}
      >
        <Text style={{ overflowWrap: "anywhere" }}>
          {recording.title} becomes a video. What is broadcast afterwards is not recorded.
        </Text>
      </ConfirmDialog>
    </>
  );
}
