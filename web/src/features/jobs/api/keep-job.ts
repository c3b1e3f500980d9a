import type { QueryClient } from "@tanstack/react-query";
import type { Job } from "@/gen";
import { refreshSoon } from "@/lib/refresh";
import { isActive } from "../active";
import { jobKeys } from "./keys";

/**
 * Put a newer snapshot of a job into the cache, and refetch everything that the job changed
 * when its state changed. Touches only entries with the job's own ids.
 */
export function keepJob(client: QueryClient, job: Job): void {
  const before = client.getQueryData<Job>(jobKeys.one(job.id));
  client.setQueryData(jobKeys.one(job.id), job);
  if (before?.state === job.state) return;
  refreshSoon(jobKeys.all);
  void client.invalidateQueries({ queryKey: jobKeys.steps(job.id) });
  if (before === undefined && isActive(job)) return;
  if (job.project_id) void client.invalidateQueries({ queryKey: ["project", job.project_id] });
  if (job.video_id) void client.invalidateQueries({ queryKey: ["video", job.video_id] });
  if (!isActive(job)) {
    refreshSoon(["videos"], ["projects"], ["recordings"]);
    // the next plan reuses what was rendered
    if (job.project_id) void client.invalidateQueries({ queryKey: ["project-plan", job.project_id] });
  }
}
