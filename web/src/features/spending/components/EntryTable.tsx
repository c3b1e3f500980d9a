import { Button, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ErrorNote } from "@/components/ErrorNote";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { dollars } from "@/lib/money";
import { entriesQuery } from "../api/list-entries";
import { kindWord } from "../words";
import styles from "./spending.module.css";

/** The entries of the ledger, newest first. */
export function EntryTable({ from }: { from: string | undefined }) {
  const entries = useInfiniteQuery(entriesQuery(from));
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  if (entries.error && !entries.data)
    return <ErrorNote error={entries.error} onRetry={() => void entries.refetch()} compact />;
  if (entries.isPending) return <Skeleton h={120} />;
  if (items.length === 0) return <p className="dim">No entries in this time.</p>;
  return (
    <>
      <Table className={styles.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={100}>When</Table.Th>
            <Table.Th className={styles.entry}>Entry</Table.Th>
            <Table.Th className={styles.figure} w={100}>
              Amount
            </Table.Th>
            <Table.Th className={styles.wide}>For</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((entry) => (
            <Table.Tr key={entry.id} data-entry={entry.kind}>
              <Table.Td>
                <RelativeTime time={entry.at} />
              </Table.Td>
              <Table.Td>
                {kindWord(entry)}
                <span className={styles.narrow}>{entry.model}</span>
              </Table.Td>
              <Table.Td className={`${styles.figure} ${entry.amount === null ? styles.unknown : ""}`}>
                {entry.amount === null ? "Unknown" : dollars(entry.amount)}
              </Table.Td>
              <Table.Td className={styles.wide}>
                {entry.model} <span className="dim">of {entry.provider}</span>
                {entry.note && <span className={styles.note}>{entry.note}</span>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {entries.hasNextPage && (
        <Button
          mt={12}
          size="xs"
          variant="default"
          loading={entries.isFetchingNextPage}
          onClick={() => void entries.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
