import { Button, Checkbox, Group, Select, Table } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { JobsDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { PageHeader } from "@/components/PageHeader";
import { Skeleton } from "@/components/Skeleton";
import { useTitle } from "@/lib/hooks";
import { jobQuery } from "../api/get-job";
import { type GroupFilters, groupsQuery } from "../api/list-groups";
import { kindsQuery, useKindWord } from "../api/list-kinds";
import { isGroupActive } from "../groups";
import { GroupRow } from "./GroupRow";
import { JobRow } from "./JobRow";
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
  const filters: GroupFilters = { state, kind, background: kind || all ? undefined : false };
  const navigate = useNavigate({ from: "/jobs" });
  const groups = useInfiniteQuery({
    ...groupsQuery(filters),
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some(isGroupActive)) ? 2_500 : 15_000),
  });
  const items = groups.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (change: { state?: GroupFilters["state"]; kind?: string; all?: boolean; open?: string }) =>
    void navigate({ search: { state, kind, all, open, ...change }, replace: true });
  const toggle = (id: string) => set({ open: id === open ? undefined : id });
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
            onChange={(value) => set({ state: (value || undefined) as GroupFilters["state"] })}
          />
          <Select
            w={150}
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
        </Group>
        {open && groups.data && !items.some(({ id }) => id === open) && (
          <Elsewhere id={open} onClose={() => set({ open: undefined })} />
        )}
        {groups.isPending &&
          !groups.error &&
          Array.from({ length: 6 }, (_, n) => <Skeleton key={n} h={40} style={{ marginBottom: 6 }} />)}
        {groups.error && !groups.data && <ErrorNote error={groups.error} onRetry={() => void groups.refetch()} />}
        {groups.data && items.length === 0 && (
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
                <Table.Th>Job</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th className={styles.wide}>Started</Table.Th>
                <Table.Th className={styles.wide}>Duration</Table.Th>
                <Table.Th className={styles.wide}>Attempts</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((group) =>
                group.job ? (
                  <JobRow
                    key={group.id}
                    job={group.job}
                    title={group.title}
                    open={group.id === open}
                    onToggle={() => toggle(group.id)}
                  />
                ) : (
                  <GroupRow
                    key={group.id}
                    group={group}
                    state={state}
                    open={group.id === open}
                    onToggle={() => toggle(group.id)}
                  />
                ),
              )}
            </Table.Tbody>
          </Table>
        )}
        {groups.hasNextPage && (
          <Button
            mt={16}
            variant="default"
            loading={groups.isFetchingNextPage}
            onClick={() => void groups.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </div>
    </>
  );
}

/** A linked job that the current list does not show by itself. */
function Elsewhere({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: job, error } = useQuery(jobQuery(id));
  const word = useKindWord();
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
        <JobRow job={job} title={`${word(job.kind)}: ${job.title}`} open onToggle={onClose} />
      </Table.Tbody>
    </Table>
  );
}
