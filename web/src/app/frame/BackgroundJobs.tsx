import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useRef } from "react";
import { activeJobsQuery } from "@/features/jobs/api/list-active-jobs";
import { loadPart } from "@/lib/load-part";

const JobsPill = lazy(() =>
  loadPart(() => import("@/features/jobs/components/JobsPill").then(({ JobsPill }) => ({ default: JobsPill }))),
);

/** The pill with background jobs, loaded with the first job and kept to see jobs end. */
export function BackgroundJobs() {
  const { data } = useQuery(activeJobsQuery);
  const wanted = useRef(false);
  wanted.current ||= (data?.requested.length ?? 0) + (data?.background.length ?? 0) > 0;
  return wanted.current ? (
    <Suspense>
      <JobsPill />
    </Suspense>
  ) : null;
}
