import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revokePlayback } from "@/gen";
import { answer } from "@/lib/api";
import { shareKeys } from "./keys";

/** End every share link and every signed link of a video. */
export function useRevokeAllLinks(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(revokePlayback({ path: { video_id: videoId }, body: { shares: true } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: shareKeys.ofVideo(videoId) });
      void client.invalidateQueries({ queryKey: ["video", videoId], exact: true }); // its pictures have new addresses
    },
  });
}
