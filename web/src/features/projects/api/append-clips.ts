import type { ClipInput, Project } from "@/gen";
import { isStatus } from "@/lib/api";
import { getProject } from "./get-project";
import { replaceClips } from "./replace-clips";

const TRIES = 3;

/** Append whole videos to a project that is not open here; retried after a concurrent change. */
export async function appendClips(id: string, videoIds: string[]): Promise<Project> {
  for (let tried = 1; ; tried++) {
    const project = await getProject(id);
    const kept = project.clips.map(({ id, video_id, start_s, end_s }): ClipInput => ({ id, video_id, start_s, end_s }));
    try {
      return await replaceClips(id, project.version, [...kept, ...videoIds.map((video_id) => ({ video_id }))]);
    } catch (error) {
      if (!isStatus(error, 412) || tried === TRIES) throw error;
    }
  }
}
