import { useMutation, useQueryClient } from "@tanstack/react-query";
import { startRecording, stopChannelRecording } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

/** Start or stop the recordings of a channel. */
export function useRecordChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, record }: { id: string; record: boolean }) =>
      unwrap((record ? startRecording : stopChannelRecording)({ path: { channel_id: id } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: liveKeys.channels });
      void client.invalidateQueries({ queryKey: liveKeys.recordings });
    },
  });
}
