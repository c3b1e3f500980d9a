import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelJob } from "@/gen";
import { unwrap } from "@/lib/api";
import { keepJob } from "./keep-job";

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(cancelJob({ path: { job_id: id } })),
    onSuccess: (job) => keepJob(client, job),
  });
}
