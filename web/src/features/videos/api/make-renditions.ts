import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keepJob } from "@/features/jobs/api/keep-job";
import { makeRenditions } from "@/gen";
import { unwrap } from "@/lib/api";
import { renditionsQuery } from "@/player/list-renditions";

/** Create the default ladder in H.264; idempotent while it is being made. */
export function useMakeRenditions(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(makeRenditions({ path: { video_id: videoId } })),
    onSuccess: (job) => {
      keepJob(client, job);
      return client.invalidateQueries({ queryKey: renditionsQuery(videoId).queryKey });
    },
  });
}
