import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { StateBadge } from "@/components/StateBadge";
import { useKindWord } from "@/features/jobs/api/list-kinds";
import type { SystemWorker } from "@/gen";
import { span } from "@/lib/format";
import styles from "./system.module.css";

const BADGES = { starting: "preparing", ready: "ready", failed: "failed", lost: "stalled" };

/** The workers of the last day, and their jobs. */
export function WorkerTable({ workers }: { workers: readonly SystemWorker[] }) {
  const word = useKindWord();
  if (workers.length === 0)
    return (
      <p className="dim">
        No worker has been active for a day, so jobs are waiting. Start one with{" "}
        <span className="mono">playhead worker</span>.
      </p>
    );
  return (
    <Table className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Worker</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Running</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {workers.map((worker) => (
          <Table.Tr key={worker.id} data-worker={worker.id}>
            <Table.Td>
              <span className={styles.name}>{worker.host}</span>
              <div className="dim small">
                {worker.id}, process {worker.pid}
                {worker.version && `, Playhead ${worker.version}`}
              </div>
            </Table.Td>
            <Table.Td>
              <StateBadge state={BADGES[worker.state]} plain />
              <div className="dim small">
                {worker.state !== "lost"
                  ? `Up for ${span(worker.up_s)}`
                  : `No heartbeat for ${span(worker.seen_s_ago)}`}
              </div>
            </Table.Td>
            <Table.Td>
              {worker.problem && <div className={styles.problem}>{worker.problem}</div>}
              {worker.jobs.map((job) => (
                <div key={job.id}>
                  <Link className="link" to="/jobs" search={{ open: job.id }}>
                    {word(job.kind)}: {job.title}
                  </Link>
                </div>
              ))}
              {worker.jobs.length === 0 && !worker.problem && <span className="dim">Nothing</span>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
