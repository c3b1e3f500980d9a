import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Job } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { videoKeys } from "./keys";

export function useRetryVideo(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<Job>("POST", urls.videoRetry(id)),
    onSuccess: () => {
      for (const queryKey of [videoKeys.one(id), videoKeys.all, ["jobs"]]) void client.invalidateQueries({ queryKey });
    },
  });
}
