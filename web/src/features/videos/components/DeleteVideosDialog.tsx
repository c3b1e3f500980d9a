import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { say } from "@/components/toast";
import type { ProjectReference, Video } from "@/gen";
import { count } from "@/lib/format";
import { Problem } from "@/lib/problem";
import { deleteVideo } from "../api/delete-video";
import { videoKeys } from "../api/keys";

type Props = { videos: Video[] | null; onClose: () => void; onDeleted?: (ids: string[]) => void };
type InUse = { video: Video; projects: ProjectReference[] };
const SHOWN = 8;

/** Asks with the names; when projects use some of them, names those too and asks once more. */
export function DeleteVideosDialog({ videos, onClose, onDeleted }: Props) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: async ({ videos, force }: { videos: Video[]; force: boolean }) => {
      const gone: Video[] = [];
      const inUse: InUse[] = [];
      for (const video of videos) {
        const projects = await deleteOne(video, force);
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
  const inUse = remove.data?.inUse ?? [];
  const asked = inUse.length ? inUse.map(({ video }) => video) : (videos ?? []);
  const what = asked.length === 1 ? "this video" : count(asked.length, "video");
  return (
    <ConfirmDialog
      opened={videos !== null}
      title={inUse.length ? `Projects use ${what}` : `Delete ${what}?`}
      action={inUse.length ? "Delete anyway" : "Delete"}
      busy={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() => remove.mutate({ videos: asked, force: inUse.length > 0 })}
    >
      {inUse.length ? <UsedList inUse={inUse} /> : <NameList videos={asked} />}
      <Text className="dim" mt={12}>
        {inUse.length ? "Their clips stay in the projects and show that the video is deleted. Reels that are made already stay." : "The file and its poster go too, and links to it stop working. This cannot be taken back."}
      </Text>
    </ConfirmDialog>
  );
}

function NameList({ videos }: { videos: Video[] }) {
  return (
    <ul style={{ margin: 0, paddingLeft: 18, overflowWrap: "anywhere" }}>
      {videos.slice(0, SHOWN).map((video) => <li key={video.id}>{video.title}</li>)}
      {videos.length > SHOWN && <li>and {videos.length - SHOWN} more</li>}
    </ul>
  );
}

function UsedList({ inUse }: { inUse: InUse[] }) {
  return (
    <ul style={{ margin: 0, paddingLeft: 18, overflowWrap: "anywhere" }}>
      {inUse.slice(0, SHOWN).map(({ video, projects }) => (
        <li key={video.id}>{video.title} <span className="dim">in {projects.map(({ title }) => `“${title}”`).join(", ")}</span></li>
      ))}
      {inUse.length > SHOWN && <li>and {inUse.length - SHOWN} more</li>}
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
