import { useMutation, useQueryClient } from "@tanstack/react-query";
import { showProblem } from "@/components/toast";
import { keepJob } from "@/features/jobs/api/keep-job";
import { addSamples } from "@/gen";
import { unwrap } from "@/lib/api";

/** Create the sample clips. */
export function useAddSamples() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(addSamples()),
    onSuccess: (job) => keepJob(client, job),
    onError: showProblem("Couldn't add sample clips"),
  });
}
