import { deleteVideo as request } from "@/gen";
import { unwrap } from "@/lib/api";

/** Without *force* a video that projects use is refused: 409 `video_in_use`, the projects named in the body. */
export const deleteVideo = (id: string, { force = false, trash = false }: { force?: boolean; trash?: boolean }) =>
  unwrap(request({ path: { video_id: id }, query: { ...(force && { force }), ...(trash && { trash }) } }));
