import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type CaptionTrackChanges, changeCaptionTrack } from "@/gen";
import { unwrap } from "@/lib/api";
import { captionKeys } from "./keys";

type Change = CaptionTrackChanges & { id: string };

export function useChangeCaptions(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: Change) => unwrap(changeCaptionTrack({ path: { track_id: id }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: captionKeys.all(videoId) }),
  });
}
