import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keepJob } from "@/features/jobs/api/keep-job";
import { type TranscriptionRequest, transcribeVideo } from "@/gen";
import { unwrap } from "@/lib/api";

export function useTranscribe(videoId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TranscriptionRequest) => unwrap(transcribeVideo({ path: { video_id: videoId }, body })),
    onSuccess: (job) => keepJob(client, job),
  });
}
