import { Button, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { CopyButton } from "@/components/CopyButton";
import { say } from "@/components/toast";
import { useCreateWebhook } from "../api/create-webhook";
import styles from "./notifications.module.css";
import { WebhookForm } from "./WebhookForm";

/** The dialog of a new webhook, which shows its secret once. */
export function NewWebhookDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null);
  const create = useCreateWebhook();
  const close = () => {
    setSecret(null);
    create.reset();
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={secret ? "Copy secret now" : "New webhook"}
      size={520}
      closeOnClickOutside={secret === null}
    >
      {secret ? (
        <Secret secret={secret} onDone={close} />
      ) : (
        <WebhookForm
          action="Add webhook"
          busy={create.isPending}
          error={create.error}
          onSubmit={({ url, ...wanted }) =>
            create.mutate(
              { ...wanted, url: url ?? "" },
              {
                onSuccess: (made) => {
                  if (made.secret) return setSecret(made.secret);
                  say("Webhook added");
                  close();
                },
              },
            )
          }
        />
      )}
    </Modal>
  );
}

/** A secret, shown once. */
export function Secret({ secret, until, onDone }: { secret: string; until?: string; onDone: () => void }) {
  return (
    <Stack gap={14}>
      <Text className="dim">
        The receiver needs it to verify signatures. It won't be shown again.
        {until && ` Messages are also signed with the old secret until ${until}.`}
      </Text>
      <div className={styles.secret}>
        <span className="mono grow" data-testid="webhook-secret">
          {secret}
        </span>
        <CopyButton value={secret} label="Copy secret" />
      </div>
      <Button onClick={onDone} style={{ alignSelf: "flex-end" }}>
        Done
      </Button>
    </Stack>
  );
}
