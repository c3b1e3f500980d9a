import { Button, Group, Table } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorNote } from "@/components/ErrorNote";
import { RelativeTime } from "@/components/RelativeTime";
import { say } from "@/components/toast";
import { isActive } from "@/features/jobs/active";
import { useJob } from "@/features/jobs/use-job";
import type { PlannedVideo, RetentionPlan } from "@/gen";
import { bytes, count } from "@/lib/format";
import { planQuery } from "../api/get-plan";
import { retentionKeys } from "../api/keys";
import { useRunRetention } from "../api/run-retention";
import styles from "./retention.module.css";

const SHOWN = 200;

/** The dry run, and the run itself. */
export function PlanPart() {
  const client = useQueryClient();
  const plan = useQuery(planQuery);
  const run = useRunRetention();
  const [asking, setAsking] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob(jobId);
  const ended = job !== null && !isActive(job);
  useEffect(() => {
    if (!ended) return;
    client.removeQueries({ queryKey: retentionKeys.plan });
    for (const queryKey of [retentionKeys.all, ["videos"], ["trash"]]) void client.invalidateQueries({ queryKey });
  }, [client, ended]);
  const begin = (force: boolean) =>
    run.mutate(force, {
      onSuccess: ({ id }) => {
        setJobId(id);
        setAsking(false);
        say("Retention runs");
      },
    });
  const found = plan.data;
  return (
    <section aria-labelledby="plan">
      <div className={styles.bar}>
        <h2 id="plan">What would go now</h2>
        <Group gap={8}>
          <Button variant="default" loading={plan.isFetching} onClick={() => void plan.refetch()}>
            {found ? "Plan again" : "Show plan"}
          </Button>
          {found && found.remove.length > 0 && (
            <Button loading={isActive(job)} onClick={() => setAsking(true)}>
              Run
            </Button>
          )}
        </Group>
      </div>
      {plan.error && <ErrorNote error={plan.error} onRetry={() => void plan.refetch()} />}
      {!found && !plan.error && <p className="dim">A plan is a dry run: it deletes nothing.</p>}
      {found && <PlanTables plan={found} />}
      {job?.error && <p className={styles.note}>{job.error.message}</p>}
      <ConfirmDialog
        opened={asking}
        title={`Delete ${count(found?.remove.length ?? 0, "video")}?`}
        action={found?.needs_force ? "Delete more than half" : "Run retention"}
        busy={run.isPending}
        error={run.error}
        onClose={() => {
          setAsking(false);
          run.reset();
        }}
        onConfirm={() => begin(found?.needs_force ?? false)}
      >
        {found?.needs_force && (
          <p className={styles.note}>
            That is more than half of the library: {count(found.remove.length, "video")} of {found.videos},{" "}
            {bytes(found.remove_bytes)} of {bytes(found.size_bytes)}.
          </p>
        )}
        <p>
          {found?.remove.length === 1 ? "It goes to the trash of its owner" : "They go to the trash of their owners"}{" "}
          and can be restored from there for a while.
        </p>
      </ConfirmDialog>
    </section>
  );
}

function PlanTables({ plan }: { plan: RetentionPlan }) {
  return (
    <>
      <p>
        <strong>
          {count(plan.remove.length, "video")}, {bytes(plan.remove_bytes)}
        </strong>{" "}
        of {plan.videos.toLocaleString("en")}, {bytes(plan.size_bytes)}. {count(plan.held.length, "video")}{" "}
        {plan.held.length === 1 ? "is" : "are"} held.
      </p>
      {plan.needs_force && (
        <p className={styles.note}>More than half would go. Retention does that only when confirmed.</p>
      )}
      {plan.remove.length > 0 && <VideoTable caption="Goes" videos={plan.remove} />}
      {plan.held.length > 0 && <VideoTable caption="Held" videos={plan.held} held />}
    </>
  );
}

function VideoTable({ caption, videos, held }: { caption: string; videos: readonly PlannedVideo[]; held?: boolean }) {
  return (
    <Table className={styles.table} mt={12}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{caption}</Table.Th>
          <Table.Th className={styles.wide}>Added</Table.Th>
          <Table.Th className={`${styles.figure} ${styles.wide}`}>Size</Table.Th>
          <Table.Th>{held ? "Stays because" : "Because"}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {videos.slice(0, SHOWN).map((video) => (
          <Table.Tr key={video.id} data-planned={video.id} data-held={held || undefined}>
            <Table.Td>
              <Link to="/videos/$videoId" params={{ videoId: video.id }}>
                {video.title}
              </Link>
            </Table.Td>
            <Table.Td className={styles.wide}>
              <RelativeTime time={video.created_at} />
            </Table.Td>
            <Table.Td className={`${styles.figure} ${styles.wide}`}>{bytes(video.size_bytes)}</Table.Td>
            <Table.Td>
              {held ? video.holds.map(({ reason }) => reason).join("; ") : `It is ${video.reason}`}
              {video.rule === "space" && !held && " (deleted for good)"}
            </Table.Td>
          </Table.Tr>
        ))}
        {videos.length > SHOWN && (
          <Table.Tr>
            <Table.Td colSpan={4} className="dim">
              and {(videos.length - SHOWN).toLocaleString("en")} more
            </Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </Table>
  );
}
