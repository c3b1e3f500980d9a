import { Popover, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { RunIcon } from "@/components/icons";
import { StateBadge } from "@/components/StateBadge";
import type { JobGroup } from "@/gen";
import { count } from "@/lib/format";
import { refreshSoon } from "@/lib/refresh";
import { activeJobsQuery } from "../api/list-active-jobs";
import { groupState, groupWords } from "../groups";
import styles from "./JobsPill.module.css";

/** The pill of the user's own active jobs; it opens a list and never navigates by itself. */
export function JobsPill() {
  const { data } = useQuery(activeJobsQuery);
  const jobs = data?.requested ?? [];
  useEndings([...jobs, ...(data?.background ?? [])]);
  if (jobs.length === 0) return null;
  const running = jobs.some(({ counts }) => counts.running > 0);
  return (
    <Popover position="top-end" width={340} trapFocus returnFocus shadow="md" transitionProps={{ duration: 120 }}>
      <Popover.Target>
        <button type="button" className={styles.pill}>
          <RunIcon size={15} className={running ? "spin" : undefined} />
          {count(jobs.length, "job")} {running ? "running" : "queued"}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.list}>
        {jobs.map((group) => (
          <Link key={group.id} to="/jobs" search={{ open: group.id }} className={styles.job}>
            <span className={styles.line}>
              <span className="clip-text grow" title={group.title}>
                {group.title}
              </span>
              <StateBadge state={groupState(group)} plain />
            </span>
            <Progress value={group.progress * 100} size={3} aria-label={`Progress of ${group.title}`} />
            <span className="dim tiny clip-text">{groupWords(group)}</span>
          </Link>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Refreshes lists and the affected project when a job begins or ends, also one of another tab. */
function useEndings(groups: JobGroup[]): void {
  const before = useRef<Map<string, JobGroup>>(new Map());
  const states = groups.map(({ id, counts }) => `${id} ${Object.values(counts).join()}`).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is new at each poll; the states say whether it changed
  useEffect(() => {
    const now = new Map(groups.map((group) => [group.id, group]));
    const changed = [...before.current, ...now].filter(([id]) => !isSame(now.get(id), before.current.get(id)));
    before.current = now;
    if (changed.length === 0) return;
    refreshSoon(["videos"], ["projects"]);
    for (const [, { project_id }] of changed) if (project_id) refreshSoon(["project", project_id]);
  }, [states]);
}

const isSame = (one?: JobGroup, other?: JobGroup): boolean =>
  Object.values(one?.counts ?? {}).join() === Object.values(other?.counts ?? {}).join();
