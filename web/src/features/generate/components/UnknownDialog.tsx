import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { RelativeTime } from "@/components/RelativeTime";
import type { Take } from "@/gen";
import { useLaterOpened } from "@/lib/hooks";
import { useTakeAction } from "../api/act-on-take";
import { priceWords } from "../words";

type Props = { take: Take; projectId: string; opened: boolean; onClose: () => void };

/** A decision on a take that may or may not have been submitted: look again, submit it again at its price, or give up. */
export default function UnknownDialog({ take, projectId, opened, onClose }: Props) {
  const client = useQueryClient();
  const action = useTakeAction(projectId);
  const [looked, setLooked] = useState(false);
  const price = priceWords(take.cost.estimated);
  const decided = take.state !== "unknown";
  useEffect(() => {
    if (opened && decided) onClose(); // it was found, or someone else decided
  }, [opened, decided, onClose]);
  const look = async () => {
    await client.refetchQueries({ queryKey: ["project", projectId] });
    setLooked(true);
  };
  return (
    <Modal opened={useLaterOpened(opened)} onClose={onClose} title="Was this take submitted?" size={500}>
      <Stack gap={16}>
        <Text>
          The request went to {take.provider} <RelativeTime time={take.created_at} />, but its answer was lost. Nobody
          knows whether it arrived.
        </Text>
        <Text>
          If it arrived, it may have been charged: {price}. Submitting it again may cost that a second time. Nothing is
          submitted unless you say so.
        </Text>
        {take.error && (
          <Text className="dim small">{[take.error.message, take.error.hint].filter(Boolean).join(" ")}</Text>
        )}
        <Text className="dim small" role="status">
          {looked ? "Looked again: still unknown." : "A late answer of the provider still settles it by itself."}
        </Text>
        {action.error && <ErrorNote error={action.error} compact />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" data-autofocus onClick={() => void look()}>
            Look again
          </Button>
          <Button
            variant="default"
            loading={action.isPending}
            onClick={() => action.mutate({ act: "give_up", id: take.id }, { onSuccess: onClose })}
          >
            Give up
          </Button>
          <Button
            loading={action.isPending}
            onClick={() => action.mutate({ act: "resubmit", id: take.id }, { onSuccess: onClose })}
          >
            Submit again, {price}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
