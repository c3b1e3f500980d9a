import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useLaterOpened } from "@/lib/hooks";
import { ErrorNote } from "./ErrorNote";

type Props = {
  opened: boolean;
  title: string;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
  busy?: boolean;
  disabled?: boolean;
  error?: unknown;
  children: ReactNode;
};

/** A confirmation before an irreversible action, with everything that it affects. */
export function ConfirmDialog({ opened, title, action, onConfirm, onClose, busy, disabled, error, children }: Props) {
  return (
    <Modal opened={useLaterOpened(opened)} onClose={onClose} title={title} size={460}>
      <Stack gap={16}>
        <div>{children}</div>
        {error ? <ErrorNote error={error} compact /> : null}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button color="red.8" onClick={onConfirm} loading={busy} disabled={disabled}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
