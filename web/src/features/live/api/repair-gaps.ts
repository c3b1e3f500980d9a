import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keepJob } from "@/features/jobs/api/keep-job";
import { type RepairInput, repairRecording } from "@/gen";
import { unwrap } from "@/lib/api";

/** Fill the gaps of a recording; the job makes a new video. */
export function useRepairGaps(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (filling: RepairInput) => unwrap(repairRecording({ path: { recording_id: id }, body: filling })),
    onSuccess: (job) => keepJob(client, job),
  });
}
