import { stitchProject as request } from "@/gen";
import { answer } from "@/lib/api";

/** Stitch exactly this version; idempotent per version. */
export const stitchProject = (id: string, version: number) =>
  answer(request({ path: { project_id: id }, body: { version } }));
