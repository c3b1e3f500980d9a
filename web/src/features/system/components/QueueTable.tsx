import { Table } from "@mantine/core";
import { RelativeTime } from "@/components/RelativeTime";
import { useKindWord } from "@/features/jobs/api/list-kinds";
import type { QueueShape } from "@/gen";
import styles from "./system.module.css";

/** Queued and running jobs of all users, by kind. */
export function QueueTable({ queues }: { queues: readonly QueueShape[] }) {
  const word = useKindWord();
  if (queues.length === 0) return <p className="dim">No jobs queued or running.</p>;
  return (
    <Table className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Kind</Table.Th>
          <Table.Th className={styles.figure}>Waiting</Table.Th>
          <Table.Th className={styles.figure}>Running</Table.Th>
          <Table.Th>Oldest waiting since</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {queues.map((queue) => (
          <Table.Tr key={queue.kind} data-queue={queue.kind}>
            <Table.Td>{word(queue.kind)}</Table.Td>
            <Table.Td className={styles.figure}>{queue.queued}</Table.Td>
            <Table.Td className={styles.figure}>{queue.running}</Table.Td>
            <Table.Td>
              {queue.oldest_queued_at ? <RelativeTime time={queue.oldest_queued_at} /> : <span className="dim">–</span>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
