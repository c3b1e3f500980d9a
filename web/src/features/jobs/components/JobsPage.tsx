import { Button, Checkbox, Group, Select, Table } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Fragment } from "react";
import { JobsDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { ChevronIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import type { Job } from "@/gen";
import { count, percent, span } from "@/lib/format";
import { useNow, useTitle } from "@/lib/hooks";
import { isActive } from "../active";
import { jobQuery } from "../api/get-job";
import { type JobFilters, jobsQuery } from "../api/list-jobs";
import { kindsQuery, useKindWord } from "../api/list-kinds";
import { useJob } from "../use-job";
import { JobDetails } from "./JobDetails";
import styles from "./JobsPage.module.css";

const STATES = [
  { value: "", label: "All states" },
  { value: "running", label: "Running" },
  { value: "queued", label: "Queued" },
  { value: "succeeded", label: "Done" },
  { value: "failed", label: "Errored" },
  { value: "canceled", label: "Canceled" },
];

export function JobsPage() {
  useTitle("Jobs");
  const { open, all, state, kind } = useSearch({ from: "/inside/jobs" });
  const { data: kinds = [] } = useQuery(kindsQuery);
  const folded = kinds.some(({ background }) => background);
  const filters: JobFilters = { state, kind, background: kind || all ? undefined : false };
  const navigate = useNavigate({ from: "/jobs" });
  const jobs = useInfiniteQuery({
    ...jobsQuery(filters),
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some(isActive)) ? 2_500 : 15_000),
  });
  const items = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (change: { state?: JobFilters["state"]; kind?: string; all?: boolean; open?: string }) =>
    void navigate({ search: { state, kind, all, open, ...change }, replace: true });
  const filtered = Boolean(state || kind);
  return (
    <>
      <PageHeader title="Jobs" />
      <div className={styles.page}>
        <Group gap={10} mb={12} className={styles.toolbar}>
          <Select
            w={128}
            size="xs"
            aria-label="State"
            data={STATES}
            value={state ?? ""}
            onChange={(value) => set({ state: (value || undefined) as JobFilters["state"] })}
          />
          <Select
            w={132}
            size="xs"
            aria-label="Kind"
            data={[
              { value: "", label: "All kinds" },
              ...kinds.map(({ kind: value, title: label }) => ({ value, label })),
            ]}
            value={kind ?? ""}
            onChange={(value) => set({ kind: value || undefined })}
          />
          {folded && !kind && (
            <Checkbox
              size="xs"
              label="Show background jobs"
              checked={Boolean(all)}
              onChange={(event) => set({ all: event.currentTarget.checked || undefined })}
            />
          )}
          {jobs.data && (
            <span className="dim small">
              {count(items.length, "job")}
              {jobs.hasNextPage ? " so far" : ""}
            </span>
          )}
        </Group>
        {open && jobs.data && !items.some(({ id }) => id === open) && (
          <Elsewhere id={open} onClose={() => set({ open: undefined })} />
        )}
        {jobs.isPending &&
          !jobs.error &&
          Array.from({ length: 6 }, (_, n) => <Skeleton key={n} h={40} style={{ marginBottom: 6 }} />)}
        {jobs.error && !jobs.data && <ErrorNote error={jobs.error} onRetry={() => void jobs.refetch()} />}
        {jobs.data && items.length === 0 && (
          <EmptyState
            drawing={<JobsDrawing />}
            action={
              filtered ? (
                <Button variant="default" onClick={() => set({ state: undefined, kind: undefined })}>
                  Show all jobs
                </Button>
              ) : (
                <Button component={Link} to="/library">
                  Go to library
                </Button>
              )
            }
          >
            {filtered
              ? "No jobs match these filters."
              : "No jobs yet. Uploads and stitches appear here while they run."}
          </EmptyState>
        )}
        {items.length > 0 && (
          <Table className={styles.table} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <span className="only-read">Open</span>
                </Table.Th>
                <Table.Th className={styles.kind}>Kind</Table.Th>
                <Table.Th>For</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th className={styles.wide}>Started</Table.Th>
                <Table.Th className={styles.wide}>Duration</Table.Th>
                <Table.Th className={styles.wide}>Attempts</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((job) => (
                <JobRow
                  key={job.id}
                  job={job}
                  open={job.id === open}
                  onToggle={() => set({ open: job.id === open ? undefined : job.id })}
                />
              ))}
            </Table.Tbody>
          </Table>
        )}
        {jobs.hasNextPage && (
          <Button mt={16} variant="default" loading={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </>
  );
}

function JobRow({ job: listed, open, onToggle }: { job: Job; open: boolean; onToggle: () => void }) {
  const job = useJob(open ? listed.id : null, listed) ?? listed;
  const word = useKindWord()(listed.kind);
  return (
    <Fragment>
      <Table.Tr className={styles.row} data-open={open || undefined} data-job={job.id} onClick={onToggle}>
        <Table.Td w={44}>
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={open}
            aria-label={`Steps of ${word}: ${job.title}`}
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            <ChevronIcon size={16} />
          </button>
        </Table.Td>
        <Table.Td className={styles.kind} w={104}>
          {word}
        </Table.Td>
        <Table.Td className={styles.what}>
          <span title={job.title}>{job.title}</span>
          <span className={styles.under}>{word}</span>
        </Table.Td>
        <Table.Td w={150}>
          <StateBadge state={job.state} note={job.state === "running" ? percent(job.progress) : undefined} />
        </Table.Td>
        <Table.Td className={styles.wide} w={130}>
          {job.started_at ? <RelativeTime time={job.started_at} /> : "–"}
        </Table.Td>
        <Table.Td className={styles.wide} w={90}>
          <Took job={job} />
        </Table.Td>
        <Table.Td className={styles.wide} w={90}>
          {job.attempts}
        </Table.Td>
      </Table.Tr>
      {open && <DetailsRow job={job} />}
    </Fragment>
  );
}

/** The details of a job, as wide as the columns shown: a longer span would add empty columns, which take width. */
function DetailsRow({ job }: { job: Job }) {
  const phone = useMediaQuery("(max-width: 700px)", undefined, { getInitialValueInEffect: false });
  const narrow = useMediaQuery("(max-width: 820px)", undefined, { getInitialValueInEffect: false });
  return (
    <Table.Tr className={styles.details}>
      <Table.Td colSpan={phone ? 3 : narrow ? 4 : 7}>
        <JobDetails job={job} />
      </Table.Td>
    </Table.Tr>
  );
}

function Took({ job }: { job: Job }) {
  const now = useNow(job.finished_at ? 3_600_000 : 1_000);
  if (!job.started_at) return <>–</>;
  const end = job.finished_at ? new Date(job.finished_at).getTime() : now;
  return <>{span((end - new Date(job.started_at).getTime()) / 1000)}</>;
}

/** A linked job that the current list does not contain. */
function Elsewhere({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: job, error } = useQuery(jobQuery(id));
  if (error)
    return (
      <ErrorNote error={error}>
        <Button size="xs" variant="default" onClick={onClose}>
          Close
        </Button>
      </ErrorNote>
    );
  if (!job) return null;
  return (
    <Table className={styles.table} mb={24}>
      <Table.Tbody>
        <JobRow job={job} open onToggle={onClose} />
      </Table.Tbody>
    </Table>
  );
}
