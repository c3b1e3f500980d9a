import { TagsInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { showProblem } from "@/components/toast";
import { useUpdateVideo } from "@/features/videos/api/update-video";
import type { Video } from "@/gen";
import { tagsQuery } from "../api/tags";

/** The tags of a video, with completion; each change is saved at once. */
export default function TagsField({ video }: { video: Video }) {
  const { data } = useQuery(tagsQuery);
  const client = useQueryClient();
  const update = useUpdateVideo(video.id);
  return (
    <TagsInput
      aria-label="Tags"
      size="xs"
      w={320}
      maw="100%"
      maxTags={50}
      placeholder={video.tags.length ? undefined : "Add a tag"}
      data={data?.items.map(({ tag }) => tag) ?? []}
      value={update.isPending ? (update.variables.tags ?? video.tags) : video.tags}
      onChange={(tags) =>
        update.mutate(
          { tags, version: video.version },
          {
            onError: showProblem("Couldn't change the tags"),
            onSuccess: () => client.invalidateQueries({ queryKey: tagsQuery.queryKey }),
          },
        )
      }
    />
  );
}
