import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revokePlayback } from "@/gen";
import { unwrap } from "@/lib/api";
import { shareKeys } from "./keys";

/** Revoke all signed URLs of a video, and optionally its share links. */
export function useRevokeAllLinks(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (shares: boolean) => unwrap(revokePlayback({ path: { video_id: videoId }, body: { shares } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: shareKeys.ofVideo(videoId) });
      void client.invalidateQueries({ queryKey: ["video", videoId], exact: true }); // its images have new URLs
    },
  });
}
