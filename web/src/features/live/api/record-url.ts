import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type RecordingInput, recordUrl } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

export function useRecordUrl() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: RecordingInput) => unwrap(recordUrl({ body: wanted })),
    onSuccess: () => void client.invalidateQueries({ queryKey: liveKeys.recordings }),
  });
}
