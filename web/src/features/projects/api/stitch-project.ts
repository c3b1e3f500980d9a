import { stitchProject as request } from "@/gen";
import { answer } from "@/lib/api";

/** Ask for the reel of exactly this version; the same version again is the same job. */
export const stitchProject = (id: string, version: number) =>
  answer(request({ path: { project_id: id }, body: { version } }));
