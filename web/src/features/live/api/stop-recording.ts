import { useMutation, useQueryClient } from "@tanstack/react-query";
import { stopRecording } from "@/gen";
import { unwrap } from "@/lib/api";
import { recordingKeys } from "./get-recording";

/** Request the end of a recording. */
export function useStopRecording(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(stopRecording({ path: { recording_id: id } })),
    onSuccess: (recording) => client.setQueryData(recordingKeys.one(id), recording),
  });
}
