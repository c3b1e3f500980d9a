import { useMutation, useQueryClient } from "@tanstack/react-query";
import { addCaptionTrack, type NewCaptionTrack } from "@/gen";
import { unwrap } from "@/lib/api";
import { captionKeys } from "./keys";

export function useAddCaptions(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCaptionTrack) => unwrap(addCaptionTrack({ path: { video_id: videoId }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: captionKeys.all(videoId) }),
  });
}
