import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeShare, type Share, type ShareChangesWritable } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";
import { shareKeys } from "./keys";

export function useChangeShare(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ share, changes }: { share: Share; changes: ShareChangesWritable }) =>
      unwrap(changeShare({ path: { share_id: share.id }, body: changes, headers: ifMatch(share.version) })),
    onSettled: () => client.invalidateQueries({ queryKey: shareKeys.ofVideo(videoId) }),
  });
}
