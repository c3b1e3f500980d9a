import { useMutation, useQueryClient } from "@tanstack/react-query";
import { retryVideo } from "@/gen";
import { unwrap } from "@/lib/api";
import { videoKeys } from "./keys";

export function useRetryVideo(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(retryVideo({ path: { video_id: id } })),
    onSuccess: () => {
      for (const queryKey of [videoKeys.one(id), videoKeys.all, ["jobs"]]) void client.invalidateQueries({ queryKey });
    },
  });
}
