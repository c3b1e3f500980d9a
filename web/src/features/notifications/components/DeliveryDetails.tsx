import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CopyButton } from "@/components/CopyButton";
import { ErrorNote } from "@/components/ErrorNote";
import { RetryIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import type { Attempt, Delivery, Webhook } from "@/gen";
import { exactTime, span } from "@/lib/format";
import { deliveryQuery } from "../api/get-delivery";
import { useReplayDelivery } from "../api/replay-delivery";
import styles from "./notifications.module.css";

/** A delivery: its attempts with their responses, and what is sent. */
export function DeliveryDetails({ webhook, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const { data, error, isPending, refetch } = useQuery(deliveryQuery(webhook.id, delivery));
  const replay = useReplayDelivery(webhook.id);
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} compact />;
  if (isPending || !data) return <Skeleton h={60} />;
  return (
    <div className={styles.delivery}>
      {delivery.due_at && delivery.attempts > 0 && (
        <div>
          Next attempt <RelativeTime time={delivery.due_at} />.
        </div>
      )}
      {data.log.length > 0 && (
        <ol className={styles.attempts} aria-label="Attempts">
          {data.log.map((attempt) => (
            <AttemptLine key={attempt.number} attempt={attempt} />
          ))}
        </ol>
      )}
      <details className={styles.log}>
        <summary>What is sent</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it */}
        <pre tabIndex={0}>{JSON.stringify(data.body, null, 2)}</pre>
      </details>
      <Group gap={8}>
        {webhook.enabled && (
          <Button
            size="xs"
            variant="default"
            leftSection={<RetryIcon size={14} />}
            loading={replay.isPending}
            onClick={() =>
              replay.mutate(delivery.id, {
                onSuccess: () => say("Sending it again"),
                onError: showProblem("Couldn't send it again"),
              })
            }
          >
            Send again
          </Button>
        )}
        <span className="dim tiny mono">{delivery.event_id}</span>
        <CopyButton value={delivery.event_id} label="Copy message ID" size="xs" />
      </Group>
    </div>
  );
}

function AttemptLine({ attempt }: { attempt: Attempt }) {
  const headers = Object.entries(attempt.response_headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
  return (
    <li>
      <div className={styles.attempt}>
        <StateBadge state={attempt.error ? "failed" : "delivered"} plain />
        <span className="grow">{attempt.error ?? `Accepted${attempt.status ? ` with ${attempt.status}` : ""}`}</span>
        <span className="dim small" title={exactTime(attempt.at)}>
          {span(attempt.duration_s)}
        </span>
      </div>
      {(headers || attempt.response_body) && (
        <details className={styles.log}>
          <summary>Response</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it */}
          <pre tabIndex={0}>{[headers, attempt.response_body].filter(Boolean).join("\n\n")}</pre>
        </details>
      )}
    </li>
  );
}
