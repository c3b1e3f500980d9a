import type { Job } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

/** Ask for the reel of exactly this version; the same version again is the same job. */
export const stitchProject = (id: string, version: number) => call<Job>("POST", urls.projectStitch(id), { body: { version } });
