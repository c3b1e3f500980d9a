import type { Job } from "@/gen";

export const isActive = (job: Pick<Job, "state"> | null | undefined): boolean =>
  job?.state === "queued" || job?.state === "running";
