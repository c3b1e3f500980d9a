import { Button, Stack, Text } from "@mantine/core";
import { ErrorIcon, RetryIcon } from "@/components/icons";
import { showProblem } from "@/components/toast";
import type { Recording } from "@/gen";
import { useActOnRecording } from "../api/act-on-recording";
import { healthWords } from "../recording-words";
import styles from "./RecordingPage.module.css";

/** The place of the player while there is nothing to play, or if nothing came of the recording. */
export function NoVideoYet({ recording }: { recording: Recording }) {
  const act = useActOnRecording();
  if (recording.state !== "errored") {
    return (
      <div className={styles.nothing}>
        <Stack gap={6} align="center" ta="center">
          <Text fw={500}>Waiting for the first picture</Text>
          <Text className="dim">{healthWords(recording)}</Text>
        </Stack>
      </div>
    );
  }
  const { error } = recording;
  return (
    <div className={styles.nothing}>
      <Stack gap={8} align="center" ta="center" maw={480} role="alert">
        <ErrorIcon size={24} style={{ color: "var(--state-red)" }} />
        <Text fw={500}>{error?.message ?? "This recording could not become a video."}</Text>
        {error?.hint && <Text className="dim">{error.hint}</Text>}
        {recording.size_bytes > 0 && (
          <Button
            mt={8}
            variant="default"
            leftSection={<RetryIcon size={16} />}
            loading={act.isPending}
            onClick={() =>
              act.mutate({ id: recording.id, action: "finalise" }, { onError: showProblem("Couldn't try again") })
            }
          >
            Try again
          </Button>
        )}
      </Stack>
    </div>
  );
}
