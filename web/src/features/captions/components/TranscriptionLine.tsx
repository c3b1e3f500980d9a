import { Progress } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { isActive } from "@/features/jobs/active";
import { useJob } from "@/features/jobs/use-job";
import { useRunningTranscription } from "../api/running-transcription";
import styles from "./captions.module.css";

type Props = { videoId: string; jobId: string | null; onTrack: () => void };

/** A transcription that runs, or why it failed. */
export function TranscriptionLine({ videoId, jobId, onTrack }: Props) {
  const running = useRunningTranscription(videoId);
  const job = useJob(jobId ?? running);
  const done = job?.state === "succeeded";
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has ended
  useEffect(() => {
    if (done) onTrack();
  }, [done]);
  if (!job || done || job.state === "canceled") return null;
  return (
    <div className={styles.job} role="status">
      <div className={styles.jobWords}>
        <span>{isActive(job) ? (job.step ?? "Waiting for a worker") : job.error?.message}</span>
        <Link className="link" to="/jobs" search={{ open: job.id }}>
          Job
        </Link>
      </div>
      {isActive(job) && <Progress value={job.progress * 100} size="sm" aria-label="Transcription" />}
      {job.error?.hint && <span className="dim">{job.error.hint}</span>}
    </div>
  );
}
