import { Table } from "@mantine/core";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import type { Job } from "@/gen";
import { percent, span } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { useJob } from "../use-job";
import { FoldedRow } from "./FoldedRow";
import { JobDetails } from "./JobDetails";
import styles from "./JobsPage.module.css";
import { Toggle } from "./Toggle";

type Props = {
  job: Job;
  /** What it does or did, in words. */
  title: string;
  open: boolean;
  onToggle: () => void;
  /** It stands below its group. */
  inner?: boolean;
};

/** One job; open, it shows its steps. */
export function JobRow({ job: listed, title, open, onToggle, inner = false }: Props) {
  const job = useJob(open ? listed.id : null, listed) ?? listed;
  return (
    <>
      <Table.Tr
        className={styles.row}
        data-open={open || undefined}
        data-inner={inner || undefined}
        data-job={job.id}
        onClick={onToggle}
      >
        <Table.Td>
          <Toggle open={open} label={`Steps of ${title}`} onToggle={onToggle} />
        </Table.Td>
        <Table.Td className={styles.what}>
          <span title={title}>{title}</span>
        </Table.Td>
        <Table.Td>
          <StateBadge state={job.state} note={job.state === "running" ? percent(job.progress) : undefined} />
        </Table.Td>
        <Table.Td className={styles.wide}>{job.started_at ? <RelativeTime time={job.started_at} /> : "–"}</Table.Td>
        <Table.Td className={styles.wide}>
          <Took from={job.started_at} to={job.finished_at} />
        </Table.Td>
        <Table.Td className={styles.wide}>{job.attempts}</Table.Td>
      </Table.Tr>
      {open && (
        <FoldedRow>
          <JobDetails job={job} />
        </FoldedRow>
      )}
    </>
  );
}

/** The time between two moments, or until now. */
export function Took({ from, to }: { from: string | null; to: string | null }) {
  const now = useNow(to ? 3_600_000 : 1_000);
  if (!from) return <>–</>;
  return <>{span(((to ? new Date(to).getTime() : now) - new Date(from).getTime()) / 1000)}</>;
}
