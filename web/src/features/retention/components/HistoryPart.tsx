import { Button, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import { useRestoreVideo } from "@/features/trash/api/restore-video";
import type { RemovalRecord, RetentionRun } from "@/gen";
import { bytes, count } from "@/lib/format";
import { historyQuery, runsQuery } from "../api/list-runs";
import { CAUSES, capital } from "../words";
import styles from "./retention.module.css";

/** The last runs, and the last videos that were deleted or restored. */
export function HistoryPart() {
  const { data: runs } = useQuery(runsQuery);
  const { data: removals } = useQuery(historyQuery);
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      {runs && runs.items.length > 0 && <RunTable runs={runs.items} />}
      {removals?.items.length === 0 && <p className="dim">Nothing has been deleted yet.</p>}
      {removals && removals.items.length > 0 && <RemovalTable removals={removals.items} />}
    </section>
  );
}

function RunTable({ runs }: { runs: readonly RetentionRun[] }) {
  return (
    <Table className={styles.table} mb={20}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Run</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th className={styles.wide}>Deleted</Table.Th>
          <Table.Th className={styles.wide}>Held</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((run) => (
          <Table.Tr key={run.id} data-run={run.state}>
            <Table.Td>
              {CAUSES[run.cause]} <RelativeTime time={run.created_at} />
              {run.detail && <div className="dim small">{run.detail}</div>}
            </Table.Td>
            <Table.Td>
              <StateBadge plain state={stateOf(run)} />
            </Table.Td>
            <Table.Td className={styles.wide}>
              {count(run.removed, "video")}, {bytes(run.removed_bytes)}
            </Table.Td>
            <Table.Td className={styles.wide}>{run.held}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A pass that makes room has nothing to confirm: what is left is held, or an admin has to delete. */
const stateOf = (run: RetentionRun) => (run.cause === "space" && run.state === "stopped" ? "short" : STATES[run.state]);

const STATES: Record<RetentionRun["state"], string> = {
  queued: "queued",
  running: "running",
  done: "succeeded",
  stopped: "unconfirmed",
  failed: "failed",
  canceled: "canceled",
};

function RemovalTable({ removals }: { removals: readonly RemovalRecord[] }) {
  const restore = useRestoreVideo();
  return (
    <Table className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Video</Table.Th>
          <Table.Th className={styles.wide}>When</Table.Th>
          <Table.Th className={`${styles.figure} ${styles.wide}`}>Size</Table.Th>
          <Table.Th>By</Table.Th>
          <Table.Th>
            <span className="only-read">Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {removals.map((one) => (
          <Table.Tr key={one.id} data-removal={one.action}>
            <Table.Td>
              {one.title}
              <div className="dim small">
                {capital(one.action)}
                {one.reason && one.reason !== "requested" && `: ${one.reason}`}
              </div>
            </Table.Td>
            <Table.Td className={styles.wide}>
              <RelativeTime time={one.at} />
            </Table.Td>
            <Table.Td className={`${styles.figure} ${styles.wide}`}>{bytes(one.size_bytes)}</Table.Td>
            <Table.Td>{one.actor.includes("@") ? one.actor : capital(one.actor)}</Table.Td>
            <Table.Td>
              {one.can_restore && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Restore ${one.title}`}
                  onClick={() =>
                    restore.mutate(one.video_id, {
                      onSuccess: () => say(`Restored “${one.title}”`),
                      onError: showProblem("Couldn't restore it"),
                    })
                  }
                >
                  Restore
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
