import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Job } from "@/lib/api-types";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { keepJob } from "./keep-job";

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<Job>("POST", urls.jobCancel(id)),
    onSuccess: (job) => keepJob(client, job),
  });
}
