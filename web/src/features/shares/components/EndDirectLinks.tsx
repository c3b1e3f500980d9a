import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { say } from "@/components/toast";
import type { Video } from "@/gen";
import { useRevokeAllLinks } from "../api/revoke-playback";

/** Ends the direct links that were given out, which nobody keeps a list of. Share links go on. */
export function EndDirectLinks({ video }: { video: Video }) {
  const [asking, setAsking] = useState(false);
  const end = useRevokeAllLinks(video.id);
  const close = () => {
    setAsking(false);
    end.reset();
  };
  return (
    <Group justify="flex-end">
      <Button variant="subtle" color="gray" onClick={() => setAsking(true)}>
        End direct links
      </Button>
      <ConfirmDialog
        opened={asking}
        title="End direct links?"
        action="End them"
        busy={end.isPending}
        error={end.error}
        onClose={close}
        onConfirm={() =>
          end.mutate(false, {
            onSuccess: () => {
              say("Direct links ended");
              close();
            },
          })
        }
      >
        <Text style={{ overflowWrap: "anywhere" }}>Every direct link to {video.title} that was made so far ends.</Text>
        <Text className="dim" mt={12}>
          Share links go on, and so do people with an account: they get new links by themselves. This cannot be taken
          back.
        </Text>
      </ConfirmDialog>
    </Group>
  );
}
