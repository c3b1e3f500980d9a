import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { say } from "@/components/toast";
import type { Video } from "@/gen";
import { useRevokeAllLinks } from "../api/revoke-playback";

/** Revokes all direct links of a video, which are not listed anywhere. Share links stay valid. */
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
        Revoke direct links
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Revoke direct links?"
        action="Revoke"
        busy={end.isPending}
        error={end.error}
        onClose={close}
        onConfirm={() =>
          end.mutate(false, {
            onSuccess: () => {
              say("Direct links revoked");
              close();
            },
          })
        }
      >
        <Text style={{ overflowWrap: "anywhere" }}>
          Every direct link to {video.title} created so far stops working.
        </Text>
        <Text className="dim" mt={12}>
          Share links and signed-in viewers are not affected. This cannot be undone.
        </Text>
      </ConfirmDialog>
    </Group>
  );
}
