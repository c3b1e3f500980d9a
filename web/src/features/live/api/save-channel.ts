import { useMutation, useQueryClient } from "@tanstack/react-query";
import { addChannel, type Channel, type ChannelInput, changeChannel } from "@/gen";
import { ifMatch, unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

/** Add a channel, or change *channel*; 412 `version_mismatch` where that is no longer as it was shown. */
export function useSaveChannel(channel?: Channel) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: ChannelInput) =>
      channel
        ? unwrap(changeChannel({ path: { channel_id: channel.id }, body: wanted, headers: ifMatch(channel.version) }))
        : unwrap(addChannel({ body: wanted })),
    onSuccess: (saved) => {
      client.setQueryData(liveKeys.channel(saved.id), saved);
      void client.invalidateQueries({ queryKey: liveKeys.channels });
    },
  });
}
