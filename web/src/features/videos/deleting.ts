import { say, sayWithUndo, showProblem } from "@/components/toast";
import { changeMany } from "@/features/library/api/bulk";
import type { ProjectReference, Video } from "@/gen";
import { Cell } from "@/lib/cell";
import { Problem } from "@/lib/problem";
import { refreshSoon } from "@/lib/refresh";
import { deleteVideo } from "./api/delete-video";
import { videoKeys } from "./api/keys";

export const UNDO_MS = 10_000;
const AT_ONCE = 4;

/** Videos hidden from lists until the time to undo their deletion is over. */
export const going = new Cell<ReadonlySet<string>>(new Set());

/** Delete an unusable video, with time to undo. Leaving the page before then deletes nothing. */
export function deleteSoon(video: Video): void {
  going.set(new Set(going.get()).add(video.id));
  const timer = setTimeout(async () => {
    await deleteVideo(video.id, {}).catch(showProblem("Couldn't delete"));
    refreshSoon(videoKeys.all);
    stay(video.id);
  }, UNDO_MS);
  sayWithUndo(`Deleted “${video.title}”`, UNDO_MS, () => {
    clearTimeout(timer);
    stay(video.id);
    say(`“${video.title}” is back`);
  });
}

function stay(id: string): void {
  going.set(new Set([...going.get()].filter((each) => each !== id)));
}

export type Refused = { id: string; projects: ProjectReference[] };

/** Move videos to the trash, a hundred in each request; as `deleteAll`. */
async function trashAll(ids: readonly string[], force: ReadonlySet<string>, onGone: (number: number) => void) {
  const gone: string[] = [];
  const refused: Refused[] = [];
  for (const forced of [false, true]) {
    const wanted = ids.filter((id) => force.has(id) === forced);
    for (let start = 0; start < wanted.length; start += 100) {
      const outcome = await changeMany(wanted.slice(start, start + 100), { trash: true, force: forced });
      gone.push(...outcome.changed);
      refused.push(
        ...outcome.failed.filter(({ code }) => code === "video_in_use").map(({ id }) => ({ id, projects: [] })),
      );
      onGone(gone.length);
    }
  }
  return { gone, refused };
}

/** Delete videos in batches; those that a project has started to use are kept, unless they are in `force`. */
export async function deleteAll(
  ids: readonly string[],
  { force, trash }: { force: ReadonlySet<string>; trash: boolean },
  onGone: (number: number) => void,
): Promise<{ gone: string[]; refused: Refused[] }> {
  if (trash) return trashAll(ids, force, onGone);
  const gone: string[] = [];
  const refused: Refused[] = [];
  const queue = [...ids];
  const work = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const projects = await deleteOne(id, { force: force.has(id), trash });
      if (projects) refused.push({ id, projects });
      else onGone(gone.push(id));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { gone, refused };
}

/** Delete a video; returns the projects that use it if it was refused, null if it is gone. */
async function deleteOne(id: string, options: { force: boolean; trash: boolean }): Promise<ProjectReference[] | null> {
  try {
    await deleteVideo(id, options);
    return null;
  } catch (error) {
    if (error instanceof Problem && error.code === "video_in_use")
      return (error.body.projects ?? []) as ProjectReference[];
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
