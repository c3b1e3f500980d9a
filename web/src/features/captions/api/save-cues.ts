import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type CaptionCue, setCaptionCues } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";
import { captionKeys } from "./keys";

type Save = { cues: CaptionCue[]; version: number };

/** Save all cues of a track; the player's list of tracks changes with it. */
export function useSaveCues(videoId: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ cues, version }: Save) =>
      unwrap(setCaptionCues({ path: { track_id: id }, body: { cues }, headers: ifMatch(version) })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: captionKeys.list(videoId) });
      void client.invalidateQueries({ queryKey: [...captionKeys.all(videoId), "shown"] });
    },
  });
}
