import { Popover, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { RunIcon } from "@/components/icons";
import { StateBadge } from "@/components/StateBadge";
import type { Job } from "@/gen";
import { count } from "@/lib/format";
import { refreshSoon } from "@/lib/refresh";
import { activeJobsQuery } from "../api/list-active-jobs";
import { useKindWord } from "../api/list-kinds";
import { progressWords } from "../words";
import styles from "./JobsPill.module.css";

/** The pill of the user's own active jobs; it opens a list and never navigates by itself. */
export function JobsPill() {
  const { data } = useQuery(activeJobsQuery);
  const word = useKindWord();
  const jobs = data?.requested ?? [];
  useEndings([...jobs, ...(data?.background ?? [])]);
  if (jobs.length === 0) return null;
  const running = jobs.some((job) => job.state === "running");
  return (
    <Popover position="top-end" width={340} trapFocus returnFocus shadow="md" transitionProps={{ duration: 120 }}>
      <Popover.Target>
        <button type="button" className={styles.pill}>
          <RunIcon size={15} className={running ? "spin" : undefined} />
          {count(jobs.length, "job")} {running ? "running" : "queued"}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.list}>
        {jobs.map((job) => (
          <Link key={job.id} to="/jobs" search={{ open: job.id }} className={styles.job}>
            <span className={styles.line}>
              <span className="clip-text grow">
                {word(job.kind)}: {job.title}
              </span>
              <StateBadge state={job.state} plain />
            </span>
            <Progress value={job.progress * 100} size={3} aria-label={`Progress of ${job.title}`} />
            <span className="dim tiny clip-text">{progressWords(job)}</span>
          </Link>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Refreshes lists and the affected project when a job begins or ends, also one of another tab. */
function useEndings(jobs: Job[]): void {
  const before = useRef<Map<string, string | null>>(new Map());
  const ids = jobs.map((job) => job.id).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is new at each poll; the ids say whether it changed
  useEffect(() => {
    const now = new Map(jobs.map((job) => [job.id, job.project_id]));
    const changed = [...before.current, ...now].filter(([id]) => now.has(id) !== before.current.has(id));
    before.current = now;
    if (changed.length === 0) return;
    refreshSoon(["videos"], ["projects"]);
    for (const [, project] of changed) if (project) refreshSoon(["project", project]);
  }, [ids]);
}
