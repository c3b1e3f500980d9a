import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Video } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { videoKeys } from "./keys";

/** Rename a video; shown at once, taken back when the server refuses. */
export function useUpdateVideo(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { title: string; version: number }) =>
      call<Video>("PATCH", urls.video(id), { body: { title: change.title }, ifMatch: change.version }),
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
