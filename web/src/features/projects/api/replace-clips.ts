import { type ClipInput, replaceClips as request } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";

/** Replace the ordered list of clips; 412 as for a project update. */
export const replaceClips = (id: string, version: number, clips: ClipInput[], keepalive = false) =>
  unwrap(request({ path: { project_id: id }, body: clips, headers: ifMatch(version), keepalive }));
