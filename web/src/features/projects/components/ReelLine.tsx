import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ErrorIcon, PlayIcon, RetryIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import { totalCostWords } from "@/features/generate/words";
import type { Job, Project } from "@/gen";
import { count, duration } from "@/lib/format";
import type { DraftClip } from "../editor/draft";
import { UP_TO_DATE } from "../editor/stitchable";
import { totalOf } from "../editor/times";
import type { Planned } from "../editor/use-plan";
import { PlanLine } from "./PlanLine";
import styles from "./ReelLine.module.css";

type Props = {
  project: Project;
  clips: readonly DraftClip[];
  stale: boolean;
  failed: boolean;
  blocked: string | null;
  /** The running stitch, and whether the project has changed since it was submitted. */
  stitching: Job | null;
  changedSince: boolean;
  /** A new reel that was not viewed yet. */
  news: boolean;
  onWatch: () => void;
  onRetry: () => void;
  retrying: boolean;
  planned: Planned;
};

/** The line below the strip: total duration, state of the reel, and why the project cannot be stitched. */
export function ReelLine({
  project,
  clips,
  stale,
  failed,
  blocked,
  stitching,
  changedSince,
  news,
  onWatch,
  onRetry,
  retrying,
  planned,
}: Props) {
  const { reel, last_job: job } = project;
  const cost =
    project.cost && (project.cost.actual || project.cost.reserved || project.cost.unknown) ? project.cost : null;
  return (
    <div className={styles.box}>
      <div className={styles.line}>
        <span>
          {count(clips.length, "clip")}, {duration(totalOf(clips))}
        </span>
        {cost && <span className="dim">{totalCostWords(cost)}</span>}
        <span className={styles.reel}>
          {stitching ? (
            <Stitching job={stitching} changedSince={changedSince} />
          ) : reel ? (
            <ReelWords reel={reel} stale={stale} />
          ) : (
            <span className="dim">No reel yet.</span>
          )}
          {reel && (
            <Link className="link" to="/videos/$videoId" params={{ videoId: reel.video_id }}>
              {stitching ? "Open last reel" : "Open reel"}
            </Link>
          )}
          <span role="status">
            {news && !stitching && (
              <>
                Reel ready.{" "}
                <Button
                  size="compact-sm"
                  className={styles.watch}
                  leftSection={<PlayIcon size={13} />}
                  onClick={onWatch}
                >
                  Watch
                </Button>
              </>
            )}
          </span>
        </span>
        {clips.length > 0 && <span className={styles.hint}>Drag or Alt + arrows to reorder, I and O to trim</span>}
        {blocked && blocked !== UP_TO_DATE && clips.length > 0 && <span className={styles.why}>{blocked}</span>}
      </div>
      {planned && <PlanLine planned={planned} clips={clips} />}
      {failed && job?.error && (
        <div className={styles.failure} role="alert">
          <ErrorIcon size={18} />
          <div className="grow">
            <div>
              Stitching version {job.project_version} failed: {job.error.message}
            </div>
            {job.error.hint && <div className="dim">{job.error.hint}</div>}
            <Group gap={8} mt={8}>
              <Button
                size="xs"
                variant="default"
                leftSection={<RetryIcon size={14} />}
                loading={retrying}
                onClick={onRetry}
              >
                Retry
              </Button>
              <Link className="link small" to="/jobs" search={{ open: job.id }}>
                View job
              </Link>
            </Group>
          </div>
        </div>
      )}
    </div>
  );
}

/** The running stitch, with the version that it stitches. */
function Stitching({ job, changedSince }: { job: Job; changedSince: boolean }) {
  const words = job.project_version === null ? "Stitching" : `Stitching version ${job.project_version}`;
  return (
    <>
      <StateBadge state="stitching" />
      <span>
        {words}
        {changedSince ? "; the project has changed since." : "."}
      </span>
    </>
  );
}

function ReelWords({ reel, stale }: { reel: NonNullable<Project["reel"]>; stale: boolean }) {
  const made = <RelativeTime time={reel.made_at} />;
  if (!stale)
    return (
      <>
        <StateBadge state="complete" />
        <span>
          Reel created {made}, {duration(reel.duration_s)}.
        </span>
      </>
    );
  return (
    <>
      <StateBadge state="stale" />
      <span>
        Changed since the reel was created {made} (version {reel.version})
        {reel.changes.length > 0 ? `: ${reel.changes.join(", ")}.` : `, ${duration(reel.duration_s)}.`}
      </span>
    </>
  );
}
