import { Button, Progress, Stack, Text } from "@mantine/core";
import { ErrorIcon, RetryIcon, TrashIcon } from "@/components/icons";
import { showProblem } from "@/components/toast";
import { useJob } from "@/features/jobs/use-job";
import { progressWords } from "@/features/jobs/words";
import type { Video } from "@/gen";
import { useRetryVideo } from "../api/retry-video";
import styles from "./VideoPage.module.css";

// Faults of the file itself: a retry would end the same way.
const BAD_FILE = [
  "not_a_video",
  "empty_file",
  "truncated_video",
  "encrypted_video",
  "no_video_track",
  "dimensions_too_large",
  "video_too_long",
];

/** The placeholder of the player while a video is prepared or errored. */
export function NotReady({ video, onDelete }: { video: Video; onDelete: () => void }) {
  const retry = useRetryVideo(video.id);
  const job = useJob(video.state === "preparing" ? video.job_id : null);
  if (video.state === "preparing") {
    return (
      <div className={styles.notready}>
        <Stack gap={10} w="100%" maw={360} align="stretch" ta="center">
          <Text fw={500}>This video is being prepared</Text>
          <Progress value={(job?.progress ?? 0) * 100} size={4} aria-label="Progress" />
          <Text className="dim small" aria-live="polite">
            {job ? progressWords(job) : "Waiting for a worker"}
          </Text>
        </Stack>
      </div>
    );
  }
  return (
    <div className={styles.notready}>
      <Stack gap={8} align="center" ta="center" maw={480} role="alert">
        <ErrorIcon size={24} style={{ color: "var(--state-red)" }} />
        <Text fw={500}>{video.error?.message ?? "This video could not be prepared."}</Text>
        {video.error?.hint && <Text className="dim">{video.error.hint}</Text>}
        {BAD_FILE.includes(video.error?.code ?? "") ? (
          <Button mt={8} variant="default" leftSection={<TrashIcon size={16} />} onClick={onDelete}>
            Delete
          </Button>
        ) : (
          <Button
            mt={8}
            variant="default"
            leftSection={<RetryIcon size={16} />}
            loading={retry.isPending}
            onClick={() => retry.mutate(undefined, { onError: showProblem("Couldn't retry the job") })}
          >
            Try again
          </Button>
        )}
      </Stack>
    </div>
  );
}
