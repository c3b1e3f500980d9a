import { previewProject as request } from "@/gen";
import { unwrap } from "@/lib/api";

/** A signed URL of the project preview: one stream of its clips, without stitching. */
export const previewProject = (id: string) => unwrap(request({ path: { project_id: id } }));
