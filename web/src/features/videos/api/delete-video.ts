import { call } from "@/lib/http";
import { urls } from "@/lib/urls";

/** Without *force* a video that projects use is refused: 409 `video_in_use`, the projects named in the body. */
export const deleteVideo = (id: string, force: boolean) =>
  call<void>("DELETE", urls.video(id), { query: { force: force || undefined } });
