import { useMutation, useQueryClient } from "@tanstack/react-query";
import { finaliseRecording } from "@/gen";
import { unwrap } from "@/lib/api";
import { recordingKeys } from "./get-recording";

/** Make the video of an errored recording once more. */
export function useFinaliseRecording(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(finaliseRecording({ path: { recording_id: id } })),
    onSuccess: (recording) => client.setQueryData(recordingKeys.one(id), recording),
  });
}
