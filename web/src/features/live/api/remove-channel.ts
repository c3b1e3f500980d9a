import { useMutation, useQueryClient } from "@tanstack/react-query";
import { removeChannel } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

export function useRemoveChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, force }: { id: string; force: boolean }) =>
      unwrap(removeChannel({ path: { channel_id: id }, query: { force } })),
    onSuccess: (_, { id }) => {
      client.removeQueries({ queryKey: liveKeys.channel(id) });
      void client.invalidateQueries({ queryKey: liveKeys.channels });
      void client.invalidateQueries({ queryKey: liveKeys.recordings });
    },
  });
}
