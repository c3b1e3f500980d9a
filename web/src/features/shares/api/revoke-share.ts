import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revokeShare } from "@/gen";
import { unwrap } from "@/lib/api";
import { shareKeys } from "./keys";

export function useRevokeShare(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(revokeShare({ path: { share_id: id } })),
    onSettled: () => client.invalidateQueries({ queryKey: shareKeys.ofVideo(videoId) }),
  });
}
