import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeVideo, type Video, type VideoChanges } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

type Change = VideoChanges & { version: number };

/** Rename a video, optimistically and rolled back on refusal, or choose its audio track. */
export function useUpdateVideo(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, ...changes }: Change) =>
      unwrap(changeVideo({ path: { video_id: id }, body: changes, headers: ifMatch(version) })),
    onMutate: ({ title }) => {
      const before = client.getQueryData<Video>(videoKeys.one(id));
      if (before && title) client.setQueryData(videoKeys.one(id), { ...before, title });
      return { before };
    },
    onError: (_error, _change, kept) => kept?.before && client.setQueryData(videoKeys.one(id), kept.before),
    onSuccess: (video) => client.setQueryData(videoKeys.one(id), video),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: videoKeys.one(id) });
      void client.invalidateQueries({ queryKey: videoKeys.all });
    },
  });
}
