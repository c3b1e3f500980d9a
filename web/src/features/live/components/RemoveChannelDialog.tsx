import { Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { say } from "@/components/toast";
import type { Channel } from "@/gen";
import { useRemoveChannel } from "../api/remove-channel";

type Props = { channel: Channel | null; onClose: () => void; onRemoved?: () => void };

export function RemoveChannelDialog({ channel, onClose, onRemoved }: Props) {
  const remove = useRemoveChannel();
  const records = channel?.recordings.some(({ state }) => state === "recording") ?? false;
  const confirm = () =>
    channel &&
    remove.mutate(
      { id: channel.id, force: records },
      {
        onSuccess: () => {
          say(`Removed ${channel.name}`);
          onClose();
          onRemoved?.();
        },
      },
    );
  return (
    <ConfirmDialog
      opened={channel !== null}
      title="Remove this channel?"
      action={records ? "Stop and remove" : "Remove"}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <Text style={{ overflowWrap: "anywhere" }}>{channel?.name}</Text>
      <Text className="dim" mt={12}>
        {records && "It is being recorded: the recording ends and becomes a video. "}
        Its settings and its history of broadcasts go. Its recordings and videos stay.
      </Text>
    </ConfirmDialog>
  );
}
