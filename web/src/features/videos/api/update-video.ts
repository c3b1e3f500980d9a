import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeVideo, type Video } from "@/gen";
import { answer, ifMatch } from "@/lib/api";
import { videoKeys } from "./keys";

/** Rename a video; shown at once, taken back when the server refuses. */
export function useUpdateVideo(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { title: string; version: number }) =>
      answer(changeVideo({ path: { video_id: id }, body: { title: change.title }, headers: ifMatch(change.version) })),
    onMutate: ({ title }) => {
      const before = client.getQueryData<Video>(videoKeys.one(id));
      if (before) client.setQueryData(videoKeys.one(id), { ...before, title });
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
