import { stitchProject as request } from "@/gen";
import { unwrap } from "@/lib/api";

/** Stitch exactly this version; idempotent per version. */
export const stitchProject = (id: string, version: number) =>
  unwrap(request({ path: { project_id: id }, body: { version } }));
