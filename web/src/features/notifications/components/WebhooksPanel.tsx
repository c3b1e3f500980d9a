import { Button, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { PlusIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import { webhooksQuery } from "../api/list-webhooks";
import { NewWebhookDialog } from "./NewWebhookDialog";
import styles from "./notifications.module.css";
import { WebhookRow } from "./WebhookRow";

/** The person's webhooks, each with the log of its deliveries. */
export function WebhooksPanel() {
  const { data, error, isPending, refetch } = useQuery(webhooksQuery);
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const addButton = (
    <Button leftSection={<PlusIcon size={16} />} onClick={() => setAdding(true)}>
      Add webhook
    </Button>
  );
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {isPending && <Skeleton h={120} />}
      {data && data.items.length === 0 && (
        <EmptyState action={addButton}>
          Send events, such as a finished recording or a failed job, to another program or to a chat.
        </EmptyState>
      )}
      {data && data.items.length > 0 && (
        <>
          <div className={styles.bar}>
            <span className="dim">Events are sent as signed HTTP requests, or as messages through Apprise.</span>
            {addButton}
          </div>
          <Table className={styles.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={44}>
                  <span className="only-read">Open</span>
                </Table.Th>
                <Table.Th>Webhook</Table.Th>
                <Table.Th className={styles.wide} w={220}>
                  Events
                </Table.Th>
                <Table.Th w={120}>State</Table.Th>
                <Table.Th w={48}>
                  <span className="only-read">Actions</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((webhook) => (
                <WebhookRow
                  key={webhook.id}
                  webhook={webhook}
                  open={webhook.id === open}
                  onOpen={(wanted) => setOpen(wanted ? webhook.id : null)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
      <NewWebhookDialog opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}
