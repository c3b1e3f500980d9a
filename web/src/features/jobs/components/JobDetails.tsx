import { Button, Group, Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { CopyButton } from "@/components/CopyButton";
import { ErrorNote } from "@/components/ErrorNote";
import { CloseIcon, ErrorIcon, RetryIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import type { Job, JobStep } from "@/gen";
import { exactTime, span } from "@/lib/format";
import { isActive } from "../active";
import { useCancelJob } from "../api/cancel-job";
import { jobStepsQuery } from "../api/list-job-steps";
import { useKindWord } from "../api/list-kinds";
import { useRetryJob } from "../api/retry-job";
import { progressWords } from "../words";
import styles from "./JobDetails.module.css";

/** A job's steps and actions. The caller subscribes to the job. */
export function JobDetails({ job }: { job: Job }) {
  const steps = useQuery(jobStepsQuery(job.id));
  const cancel = useCancelJob();
  const retry = useRetryJob();
  const word = useKindWord();
  const { refetch } = steps;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the job makes its steps outdated
  useEffect(() => void refetch(), [job.step, job.state, refetch]);
  return (
    <div className={styles.details}>
      {isActive(job) && (
        <div className={styles.progress}>
          <Text className="small" aria-live="polite">
            {progressWords(job)}
          </Text>
          <Progress value={job.progress * 100} size={5} aria-label="Progress" />
        </div>
      )}
      {job.error && (
        <div className={styles.error} role="alert">
          <ErrorIcon size={18} />
          <div>
            <div>{job.error.message}</div>
            {job.error.hint && <div className="dim">{job.error.hint}</div>}
          </div>
        </div>
      )}
      {steps.isPending && !steps.error && <Skeleton h={60} />}
      {steps.error && !steps.data && <ErrorNote error={steps.error} onRetry={() => void refetch()} compact />}
      {steps.data && steps.data.items.length > 0 && (
        <ol className={styles.steps} aria-label="Steps">
          {steps.data.items.map((step, n) => (
            <StepLine key={n} step={step} />
          ))}
        </ol>
      )}
      {job.log_tail && (
        <details className={styles.log}>
          <summary>ffmpeg log</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it */}
          <pre tabIndex={0}>{job.log_tail}</pre>
        </details>
      )}
      <Group gap={8}>
        {isActive(job) && (
          <Button
            size="xs"
            variant="default"
            leftSection={<CloseIcon size={14} />}
            loading={cancel.isPending}
            onClick={() =>
              cancel.mutate(job.id, {
                onSuccess: () => say(`${word(job.kind)} canceled`),
                onError: showProblem("Couldn't cancel the job"),
              })
            }
          >
            Cancel
          </Button>
        )}
        {(job.state === "failed" || job.state === "canceled") && (
          <Button
            size="xs"
            variant="default"
            leftSection={<RetryIcon size={14} />}
            loading={retry.isPending}
            onClick={() => retry.mutate(job.id, { onError: showProblem("Couldn't retry the job") })}
          >
            Retry
          </Button>
        )}
        {job.project_id && (
          <Button size="xs" variant="subtle" color="gray" component={Link} to={`/projects/${job.project_id}`}>
            Open project
          </Button>
        )}
        {job.video_id && (
          <Button size="xs" variant="subtle" color="gray" component={Link} to={`/videos/${job.video_id}`}>
            Open video
          </Button>
        )}
        <span className="dim tiny mono">{job.id}</span>
        <CopyButton value={job.id} label="Copy job ID" size="xs" />
      </Group>
    </div>
  );
}

function StepLine({ step }: { step: JobStep }) {
  const took =
    step.started_at && step.finished_at
      ? (new Date(step.finished_at).getTime() - new Date(step.started_at).getTime()) / 1000
      : null;
  return (
    <li>
      <StateBadge state={step.state} plain />
      <span className="grow">
        {step.title}
        {step.error && <span className={styles.why}> {step.error}</span>}
      </span>
      <span className="dim" title={step.started_at ? exactTime(step.started_at) : undefined}>
        {took === null ? "" : span(took)}
      </span>
    </li>
  );
}
