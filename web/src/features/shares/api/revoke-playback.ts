import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revokePlayback } from "@/gen";
import { answer } from "@/lib/api";
import { shareKeys } from "./keys";

/** End every signed link of a video, and its share links as well where that is asked. */
export function useRevokeAllLinks(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (shares: boolean) => answer(revokePlayback({ path: { video_id: videoId }, body: { shares } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: shareKeys.ofVideo(videoId) });
      void client.invalidateQueries({ queryKey: ["video", videoId], exact: true }); // its pictures have new addresses
    },
  });
}
