import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelJob } from "@/gen";
import { answer } from "@/lib/api";
import { keepJob } from "./keep-job";

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(cancelJob({ path: { job_id: id } })),
    onSuccess: (job) => keepJob(client, job),
  });
}
