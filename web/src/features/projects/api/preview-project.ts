import { previewProject as request } from "@/gen";
import { answer } from "@/lib/api";

/** A signed address of the project as one stream, made of its clips as they are. */
export const previewProject = (id: string) => answer(request({ path: { project_id: id } }));
