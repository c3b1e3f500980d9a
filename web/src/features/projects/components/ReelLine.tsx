import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ErrorIcon, RetryIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import type { Project } from "@/gen";
import { count, duration } from "@/lib/format";
import { UP_TO_DATE } from "../editor/stitchable";
import type { Planned } from "../editor/use-plan";
import styles from "./ReelLine.module.css";

type Props = { project: Project; clips: number; total: number; stale: boolean; failed: boolean; blocked: string | null; stitching: boolean; onRetry: () => void; retrying: boolean; planned: Planned };

/** Under the strip: how long the whole is, how its reel stands, and why it cannot be stitched when it cannot. */
export function ReelLine({ project, clips, total, stale, failed, blocked, stitching, onRetry, retrying, planned }: Props) {
  const { reel, last_job: job } = project;
  return (
    <div className={styles.box}>
      <div className={styles.line}>
        <span>{count(clips, "clip")}, {duration(total)}</span>
        {stitching ? (
          <span className={styles.reel}>
            <StateBadge state="stitching" />
            <span>
              Stitching version {project.version}{reel && ". "}
              {reel && <Link className="link" to="/videos/$videoId" params={{ videoId: reel.video_id }}>Open the last reel</Link>}
            </span>
          </span>
        ) : reel ? (
          <span className={styles.reel}>
            <StateBadge state={stale ? "stale" : "current"} />
            <span>
              {stale ? "Changed since the reel was made " : "Reel made "}
              <RelativeTime time={reel.made_at} />
              {stale && ` (version ${reel.version})`}
              {stale && reel.changes.length > 0 ? `: ${reel.changes.join(", ")}. ` : `, ${duration(reel.duration_s)}. `}
              <Link className="link" to="/videos/$videoId" params={{ videoId: reel.video_id }}>Open the reel</Link>
            </span>
          </span>
        ) : (
          <span className="dim">No reel yet.</span>
        )}
        {clips > 0 && <span className={styles.hint}>Drag or Alt + arrows to reorder, I and O to trim</span>}
        {blocked && blocked !== UP_TO_DATE && clips > 0 && <span className={styles.why}>{blocked}</span>}
      </div>
      {planned && <div className={styles.plan} data-old={planned.old || undefined} data-testid="plan">{planWords(planned.plan)}</div>}
      {failed && job?.error && (
        <div className={styles.failure} role="alert">
          <ErrorIcon size={18} />
          <div className="grow">
            <div>The reel was not made: {job.error.message}</div>
            {job.error.hint && <div className="dim">{job.error.hint}</div>}
            <Group gap={8} mt={8}>
              <Button size="xs" variant="default" leftSection={<RetryIcon size={14} />} loading={retrying} onClick={onRetry}>Retry</Button>
              <Link className="link small" to="/jobs" search={{ open: job.id }}>See the job</Link>
            </Group>
          </div>
        </div>
      )}
    </div>
  );
}

/** "7 of 8 clips are copied; clip 3 is re-encoded: 24 fps against 30; about 4 s". */
function planWords({ summary, estimate_s, encoded_s }: NonNullable<Planned>["plan"]): string {
  const words = summary.replace(/\.$/, "");
  return encoded_s > 0 ? `${words}; about ${estimate_s < 90 ? `${Math.max(1, Math.round(estimate_s))} s` : duration(estimate_s)}` : words;
}
