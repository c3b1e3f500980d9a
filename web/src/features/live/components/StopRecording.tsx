import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { StopIcon } from "@/components/icons";
import type { Recording } from "@/gen";
import { useActOnRecording } from "../api/act-on-recording";

/** Stops a recording, after a confirmation: what is broadcast afterwards is lost. */
export function StopRecording({ recording }: { recording: Recording }) {
  const [asking, setAsking] = useState(false);
  const act = useActOnRecording();
  const close = () => {
    setAsking(false);
    act.reset();
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
        busy={act.isPending}
        error={act.error}
        onClose={close}
        onConfirm={() => act.mutate({ id: recording.id, action: "stop" }, { onSuccess: close })}
      >
        <Text style={{ overflowWrap: "anywhere" }}>
          {recording.title} becomes a video. What is broadcast afterwards is not recorded.
        </Text>
      </ConfirmDialog>
    </>
  );
}
