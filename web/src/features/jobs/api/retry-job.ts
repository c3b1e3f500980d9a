import { useMutation, useQueryClient } from "@tanstack/react-query";
import { retryJob } from "@/gen";
import { unwrap } from "@/lib/api";
import { keepJob } from "./keep-job";

export function useRetryJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(retryJob({ path: { job_id: id } })),
    onSuccess: (job) => keepJob(client, job),
  });
}
