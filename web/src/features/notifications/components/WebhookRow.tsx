import { Button, Modal, Table, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Fragment, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ChevronIcon } from "@/components/icons";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import type { Webhook } from "@/gen";
import { shortTime } from "@/lib/format";
import { useChangeWebhook } from "../api/change-webhook";
import { useRemoveWebhook } from "../api/remove-webhook";
import { useRotateSecret } from "../api/rotate-secret";
import { useTestWebhook } from "../api/test-webhook";
import { eventsWord, nameOf, stateOf, whyDisabled } from "../words";
import { DeliveryList } from "./DeliveryList";
import { Secret } from "./NewWebhookDialog";
import styles from "./notifications.module.css";
import { WebhookForm } from "./WebhookForm";
import { WebhookMenu } from "./WebhookMenu";

type Props = { webhook: Webhook; open: boolean; onOpen: (open: boolean) => void };
type Dialog = "edit" | "secret" | "remove" | null;

/** A webhook: its facts, its actions, and the log of its deliveries while it is open. */
export function WebhookRow({ webhook, open, onOpen }: Props) {
  const [dialog, setDialog] = useState<Dialog>(null);
  const narrow = useMediaQuery("(max-width: 700px)", undefined, { getInitialValueInEffect: false });
  const test = useTestWebhook();
  const change = useChangeWebhook();
  const name = nameOf(webhook);
  const sendTest = () =>
    test.mutate(webhook.id, { onSuccess: () => onOpen(true), onError: showProblem("Couldn't send the test") });
  const turn = () =>
    change.mutate(
      { webhook, changes: { enabled: !webhook.enabled } },
      {
        onSuccess: () => say(webhook.enabled ? "Webhook disabled" : "Webhook enabled"),
        onError: showProblem("Couldn't change the webhook"),
      },
    );
  return (
    <Fragment>
      <Table.Tr className={styles.row} data-open={open || undefined} data-webhook={webhook.id}>
        <Table.Td w={44}>
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={open}
            aria-label={`Deliveries to ${name}`}
            onClick={() => onOpen(!open)}
          >
            <ChevronIcon size={16} />
          </button>
        </Table.Td>
        <Table.Td className={styles.what}>
          <span title={name}>{name}</span>
          {webhook.description && <span className={styles.under}>{webhook.url}</span>}
        </Table.Td>
        <Table.Td className={styles.wide}>{eventsWord(webhook)}</Table.Td>
        <Table.Td>
          <StateBadge state={stateOf(webhook)} />
        </Table.Td>
        <Table.Td>
          <WebhookMenu webhook={webhook} onTest={sendTest} onTurn={turn} onDialog={setDialog} />
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr className={styles.details}>
          <Table.Td colSpan={narrow ? 4 : 5}>
            {whyDisabled(webhook) && (
              <Text mb={12}>
                {whyDisabled(webhook)} Once it works again, enable it and send what it missed.{" "}
                <Button size="compact-xs" variant="default" onClick={turn}>
                  Enable
                </Button>
              </Text>
            )}
            <DeliveryList webhook={webhook} onTest={sendTest} testing={test.isPending} />
          </Table.Td>
        </Table.Tr>
      )}
      <EditDialog webhook={webhook} opened={dialog === "edit"} onClose={() => setDialog(null)} />
      <SecretDialog webhook={webhook} opened={dialog === "secret"} onClose={() => setDialog(null)} />
      <RemoveDialog webhook={webhook} opened={dialog === "remove"} onClose={() => setDialog(null)} />
    </Fragment>
  );
}

type DialogProps = { webhook: Webhook; opened: boolean; onClose: () => void };

function EditDialog({ webhook, opened, onClose }: DialogProps) {
  const change = useChangeWebhook();
  const close = () => {
    change.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Edit webhook" size={520}>
      <WebhookForm
        webhook={webhook}
        action="Save"
        busy={change.isPending}
        error={change.error}
        onSubmit={(changes) =>
          change.mutate(
            { webhook, changes },
            {
              onSuccess: () => {
                say("Webhook saved");
                close();
              },
            },
          )
        }
      />
    </Modal>
  );
}

function SecretDialog({ webhook, opened, onClose }: DialogProps) {
  const rotate = useRotateSecret();
  const close = () => {
    rotate.reset();
    onClose();
  };
  if (rotate.data)
    return (
      <Modal opened={opened} onClose={close} title="Copy secret now" size={520} closeOnClickOutside={false}>
        <Secret secret={rotate.data.secret} until={shortTime(rotate.data.previous_secret_until)} onDone={close} />
      </Modal>
    );
  return (
    <ConfirmDialog
      opened={opened}
      title="Replace the secret?"
      action="Replace"
      busy={rotate.isPending}
      error={rotate.error}
      onClose={close}
      onConfirm={() => rotate.mutate(webhook.id)}
    >
      <Text className="dim">For a day messages are signed with both, so that the receiver can change over.</Text>
    </ConfirmDialog>
  );
}

function RemoveDialog({ webhook, opened, onClose }: DialogProps) {
  const remove = useRemoveWebhook();
  return (
    <ConfirmDialog
      opened={opened}
      title="Remove this webhook?"
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onClose={() => {
        remove.reset();
        onClose();
      }}
      onConfirm={() =>
        remove.mutate(webhook.id, {
          onSuccess: () => {
            say(`Removed ${nameOf(webhook)}`);
            onClose();
          },
        })
      }
    >
      <Text style={{ overflowWrap: "anywhere" }}>{nameOf(webhook)}</Text>
      <Text className="dim" mt={12}>
        The log of its deliveries goes with it, and what waits is not sent.
      </Text>
    </ConfirmDialog>
  );
}
