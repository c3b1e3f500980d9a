import type { Job } from "@/lib/api-types";

export const isActive = (job: Pick<Job, "state"> | null | undefined): boolean => job?.state === "queued" || job?.state === "running";
