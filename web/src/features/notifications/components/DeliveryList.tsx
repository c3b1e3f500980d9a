import { Button, Group, Menu } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { ChevronIcon, PlayIcon, RetryIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import type { Delivery, Webhook } from "@/gen";
import { count } from "@/lib/format";
import { deliveriesQuery } from "../api/list-deliveries";
import { useReplaySpan } from "../api/replay-span";
import { DeliveryDetails } from "./DeliveryDetails";
import styles from "./notifications.module.css";

const HOUR_S = 3600;
const SPANS = [
  { seconds: HOUR_S, word: "last hour" },
  { seconds: 24 * HOUR_S, word: "last day" },
  { seconds: 7 * 24 * HOUR_S, word: "last week" },
];

type Props = { webhook: Webhook; onTest: () => void; testing: boolean };

/** The log of deliveries, newest first. */
export function DeliveryList({ webhook, onTest, testing }: Props) {
  const deliveries = useInfiniteQuery(deliveriesQuery(webhook.id));
  const replay = useReplaySpan(webhook.id);
  const [open, setOpen] = useState<string | null>(null);
  const items = deliveries.data?.pages.flatMap((page) => page.items) ?? [];
  const replaySince = (seconds: number) =>
    replay.mutate(seconds, {
      onSuccess: ({ deliveries: number }) =>
        say(number ? `Sending ${count(number, "event")}` : "Nothing was missed in this time"),
      onError: showProblem("Couldn't send what was missed"),
    });
  return (
    <>
      <Group gap={8} mb={12}>
        <Button size="xs" variant="default" leftSection={<PlayIcon size={14} />} loading={testing} onClick={onTest}>
          Send test
        </Button>
        {webhook.enabled && (
          <Menu position="bottom-start">
            <Menu.Target>
              <Button size="xs" variant="default" leftSection={<RetryIcon size={14} />} loading={replay.isPending}>
                Send what was missed
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {SPANS.map(({ seconds, word }) => (
                <Menu.Item key={seconds} onClick={() => replaySince(seconds)}>
                  In the {word}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {deliveries.isPending && !deliveries.error && <Skeleton h={80} />}
      {deliveries.error && !deliveries.data && (
        <ErrorNote error={deliveries.error} onRetry={() => void deliveries.refetch()} compact />
      )}
      {deliveries.data && items.length === 0 && <div className="dim">No deliveries yet.</div>}
      {items.length > 0 && (
        <ul className={styles.deliveries} aria-label="Deliveries">
          {items.map((delivery) => (
            <li key={delivery.id} data-delivery={delivery.id} data-open={delivery.id === open || undefined}>
              <DeliveryLine
                delivery={delivery}
                open={delivery.id === open}
                onToggle={() => setOpen(delivery.id === open ? null : delivery.id)}
              />
              {delivery.id === open && <DeliveryDetails webhook={webhook} delivery={delivery} />}
            </li>
          ))}
        </ul>
      )}
      {deliveries.hasNextPage && (
        <Button
          mt={12}
          size="xs"
          variant="default"
          loading={deliveries.isFetchingNextPage}
          onClick={() => void deliveries.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

function DeliveryLine({ delivery, open, onToggle }: { delivery: Delivery; open: boolean; onToggle: () => void }) {
  return (
    <button type="button" className={styles.line} aria-expanded={open} onClick={onToggle}>
      <ChevronIcon size={14} />
      <StateBadge state={delivery.state === "pending" && delivery.attempts ? "retrying" : delivery.state} plain />
      <span className="grow clip-text">{delivery.event_type}</span>
      <span className={`dim small ${styles.wide}`}>{count(delivery.attempts, "attempt")}</span>
      <span className="dim small">
        <RelativeTime time={delivery.created_at} />
      </span>
    </button>
  );
}
