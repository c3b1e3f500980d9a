import { Text } from "@mantine/core";
import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { say } from "@/components/toast";
import type { ProjectReference, Video } from "@/gen";
import { count } from "@/lib/format";
import { Problem } from "@/lib/problem";
import { deleteVideo } from "../api/delete-video";
import { videoKeys } from "../api/keys";
import { videoProjectsQuery } from "../api/list-video-projects";

type Props = { videos: Video[] | null; onClose: () => void; onDeleted?: (ids: string[]) => void };
type InUse = { video: Video; projects: ProjectReference[] };
const SHOWN = 8;
const ASKED = 40; // of more videos than this, the projects are named when the server refuses

/** Asks with the names, and those of the projects that use them; asks once more when a project came to use one meanwhile. */
export function DeleteVideosDialog({ videos, onClose, onDeleted }: Props) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: async ({ videos, force }: { videos: Video[]; force: ReadonlySet<string> }) => {
      const gone: Video[] = [];
      const inUse: InUse[] = [];
      for (const video of videos) {
        const projects = await deleteOne(video, force.has(video.id));
        if (projects) inUse.push({ video, projects });
        else gone.push(video);
      }
      return { gone, inUse };
    },
    onSuccess: ({ gone, inUse }) => {
      for (const video of gone) client.removeQueries({ queryKey: videoKeys.one(video.id) });
      if (gone.length) say(gone.length === 1 ? `Deleted “${gone[0]!.title}”` : `Deleted ${count(gone.length, "video")}`);
      if (inUse.length === 0) close();
      if (gone.length) onDeleted?.(gone.map(({ id }) => id));
    },
    onSettled: () => {
      for (const queryKey of [videoKeys.all, ["projects"], ["project"]]) void client.invalidateQueries({ queryKey });
    },
  });
  const close = () => {
    onClose();
    remove.reset();
  };
  const uses = useQueries({ queries: (videos ?? []).slice(0, ASKED).map(({ id }) => ({ ...videoProjectsQuery(id), staleTime: 0, retry: false })) });
  const known = uses.every((query) => query.isFetchedAfterMount);
  const refused = remove.data?.inUse ?? [];
  const found = (videos ?? []).map((video, n): InUse => ({ video, projects: uses[n]?.data?.items ?? [] }));
  const asked = refused.length ? refused : found;
  const inUse = asked.filter(({ projects }) => projects.length > 0 || refused.length > 0);
  const what = asked.length === 1 ? "this video" : count(asked.length, "video");
  return (
    <ConfirmDialog
      opened={videos !== null && known}
      title={`Delete ${what}?`}
      action={inUse.length ? "Delete anyway" : "Delete"}
      busy={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() => remove.mutate({ videos: asked.map(({ video }) => video), force: new Set(inUse.map(({ video }) => video.id)) })}
    >
      <NameList videos={asked} />
      {inUse.length > 0 && <Text mt={12}>The clips stay in the projects and show that the video is deleted; stitching waits until they are replaced or removed. Reels that are made already stay.</Text>}
      <Text className="dim" mt={12}>
        The file and its poster go too, and links to it stop working. This cannot be taken back.
      </Text>
    </ConfirmDialog>
  );
}

function NameList({ videos }: { videos: readonly InUse[] }) {
  const sorted = videos.toSorted((a, b) => Number(b.projects.length > 0) - Number(a.projects.length > 0));
  return (
    <ul style={{ margin: 0, paddingLeft: 18, overflowWrap: "anywhere" }}>
      {sorted.slice(0, SHOWN).map(({ video, projects }) => (
        <li key={video.id}>{video.title}{projects.length > 0 && <span className="dim"> in {projects.map(({ title }) => `“${title}”`).join(", ")}</span>}</li>
      ))}
      {videos.length > SHOWN && <li>and {videos.length - SHOWN} more</li>}
    </ul>
  );
}

/** Delete one; the projects that use it when that was the answer, null when it is gone. */
async function deleteOne(video: Video, force: boolean): Promise<ProjectReference[] | null> {
  try {
    await deleteVideo(video.id, force);
    return null;
  } catch (error) {
    if (error instanceof Problem && error.code === "video_in_use") return (error.body.projects ?? []) as ProjectReference[];
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
