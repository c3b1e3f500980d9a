import { Button, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import type { JobGroup } from "@/gen";
import { type JobFilters, jobsQuery } from "../api/list-jobs";
import { groupNote, groupState, isGroupActive } from "../groups";
import { FoldedRow } from "./FoldedRow";
import { JobRow, Took } from "./JobRow";
import styles from "./JobsPage.module.css";
import { Toggle } from "./Toggle";

type Props = {
  group: JobGroup;
  /** The state that the list shows alone. */
  state?: JobFilters["state"];
  open: boolean;
  onToggle: () => void;
};

/** Several small jobs as one row; open, it lists them. */
export function GroupRow({ group, state, open, onToggle }: Props) {
  return (
    <>
      <Table.Tr className={styles.row} data-open={open || undefined} data-group={group.id} onClick={onToggle}>
        <Table.Td>
          <Toggle open={open} label={`Jobs of ${group.title}`} onToggle={onToggle} />
        </Table.Td>
        <Table.Td className={styles.what}>
          <span title={group.title}>{group.title}</span>
        </Table.Td>
        <Table.Td>
          <StateBadge state={groupState(group)} note={groupNote(group)} />
        </Table.Td>
        <Table.Td className={styles.wide}>
          <RelativeTime time={group.created_at} />
        </Table.Td>
        <Table.Td className={styles.wide}>
          <Took from={group.created_at} to={group.finished_at} />
        </Table.Td>
        <Table.Td className={styles.wide} />
      </Table.Tr>
      {open && <JobsOfGroup group={group} state={state} />}
    </>
  );
}

function JobsOfGroup({ group, state }: Pick<Props, "group" | "state">) {
  const [opened, setOpened] = useState<string | null>(null);
  const jobs = useInfiniteQuery({
    ...jobsQuery({ group_id: group.id, state }),
    refetchInterval: isGroupActive(group) ? 2_500 : false,
  });
  const items = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {!jobs.data && (
        <FoldedRow>{jobs.error ? <ErrorNote error={jobs.error} compact /> : <Skeleton h={40} />}</FoldedRow>
      )}
      {items.map((job) => (
        <JobRow
          key={job.id}
          job={job}
          title={job.title}
          inner
          open={job.id === opened}
          onToggle={() => setOpened(job.id === opened ? null : job.id)}
        />
      ))}
      {jobs.hasNextPage && (
        <FoldedRow>
          <Button
            size="xs"
            variant="default"
            loading={jobs.isFetchingNextPage}
            onClick={() => void jobs.fetchNextPage()}
          >
            Show more of {group.count}
          </Button>
        </FoldedRow>
      )}
    </>
  );
}
