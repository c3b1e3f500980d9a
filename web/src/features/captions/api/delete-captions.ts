import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteCaptionTrack } from "@/gen";
import { unwrap } from "@/lib/api";
import { captionKeys } from "./keys";

export function useDeleteCaptions(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => unwrap(deleteCaptionTrack({ path: { track_id: id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: captionKeys.all(videoId) }),
  });
}
