import { useQuery } from "@tanstack/react-query";
import { isActive } from "@/features/jobs/active";
import { listJobs } from "@/gen";
import { unwrap } from "@/lib/api";
import { captionKeys } from "./keys";

/** The id of the transcription that is being made of a video; null without any. */
export function useRunningTranscription(videoId: string): string | null {
  const { data } = useQuery({
    queryKey: [...captionKeys.all(videoId), "job"],
    queryFn: ({ signal }) => unwrap(listJobs({ query: { kind: "transcription", limit: 50 }, signal })),
  });
  const own = data?.items.find((job) => job.video_id === videoId && isActive(job));
  return own?.id ?? null;
}
