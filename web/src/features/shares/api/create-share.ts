import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createShare, type ShareCreateWritable } from "@/gen";
import { unwrap } from "@/lib/api";
import { shareKeys } from "./keys";

export function useCreateShare(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ShareCreateWritable) => unwrap(createShare({ path: { video_id: videoId }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: shareKeys.ofVideo(videoId) }),
  });
}
