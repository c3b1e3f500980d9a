import { Button, Progress, Text, Tooltip } from "@mantine/core";
import { StitchIcon } from "@/components/edit-icons";
import { CloseIcon } from "@/components/icons";
import { say, showProblem } from "@/components/toast";
import { isActive } from "@/features/jobs/active";
import { useCancelJob } from "@/features/jobs/api/cancel-job";
import { progressWords } from "@/features/jobs/words";
import type { Job } from "@/gen";
import styles from "./StitchControl.module.css";

type Props = {
  job: Job | null;
  blocked: string | null;
  /** Something else is the next step. */
  quiet?: boolean;
  starting: boolean;
  onStitch: () => void;
};

/** The Stitch button; during a stitch, the progress of this project's job and a Cancel button. */
export function StitchControl({ job, blocked, quiet = false, starting, onStitch }: Props) {
  const cancel = useCancelJob();
  if (job && isActive(job)) {
    return (
      <div className={styles.progress} role="group" aria-label="Stitching">
        <div className={styles.words}>
          <Text className="clip-text tiny" aria-live="polite" title={progressWords(job)}>
            {progressWords(job)}
          </Text>
          <Progress
            value={job.state === "queued" ? 0 : Math.max(2, job.progress * 100)}
            size={5}
            animated={job.state === "running"}
            aria-label="Stitch progress"
            transitionDuration={200}
          />
        </div>
        <Button
          className={styles.touch}
          variant="default"
          leftSection={<CloseIcon size={14} />}
          loading={cancel.isPending}
          onClick={() =>
            cancel.mutate(job.id, {
              onSuccess: () => say("Stitch canceled"),
              onError: showProblem("Couldn't cancel the job"),
            })
          }
        >
          Cancel
        </Button>
      </div>
    );
  }
  return (
    <Tooltip label={blocked} disabled={!blocked} multiline maw={280}>
      <Button
        className={styles.touch}
        variant={quiet ? "default" : "filled"}
        leftSection={<StitchIcon size={17} />}
        data-disabled={blocked ? true : undefined}
        aria-disabled={blocked ? true : undefined}
        aria-description={blocked ?? undefined}
        loading={starting}
        onClick={() => !blocked && onStitch()}
      >
        Stitch
      </Button>
    </Tooltip>
  );
}
