import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteRecording, finaliseRecording, stopRecording } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

export type RecordingAction = "stop" | "finalise" | "delete";

/** Stop a recording, finalise it again, or delete it with the parts that are left. */
export function useActOnRecording() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, action }: { id: string; action: RecordingAction }): Promise<void> => {
      const path = { recording_id: id };
      if (action === "delete") await unwrap(deleteRecording({ path }));
      else await unwrap((action === "stop" ? stopRecording : finaliseRecording)({ path }));
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: liveKeys.channels });
      void client.invalidateQueries({ queryKey: liveKeys.recordings });
    },
  });
}
