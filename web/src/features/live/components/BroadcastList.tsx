import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import type { Broadcast } from "@/gen";
import { duration, shortTime } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { broadcastsQuery } from "../api/list-broadcasts";
import styles from "./live.module.css";
import { RecordingRow } from "./RecordingList";

/** The broadcasts of a channel, the newest first, each with its titles, categories and recordings. */
export function BroadcastList({ channelId }: { channelId: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    broadcastsQuery(channelId),
  );
  const broadcasts = data?.pages.flatMap((page) => page.items) ?? [];
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={160} />;
  if (broadcasts.length === 0)
    return <EmptyState>No broadcasts yet. They are listed here once the channel has been live.</EmptyState>;
  return (
    <>
      <ul className={styles.broadcasts}>
        {broadcasts.map((broadcast) => (
          <BroadcastRow key={broadcast.id} broadcast={broadcast} />
        ))}
      </ul>
      {hasNextPage && (
        <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function BroadcastRow({ broadcast }: { broadcast: Broadcast }) {
  const end = broadcast.offline_at ?? broadcast.ended_at;
  const now = useNow(end ? 3_600_000 : 10_000);
  const started = new Date(broadcast.started_at).getTime();
  const length = ((end ? new Date(end).getTime() : now) - started) / 1000;
  return (
    <li className={styles.broadcast}>
      <div className={styles.line}>
        {!end && <StateBadge state="live" />}
        <span className={styles.when}>{shortTime(broadcast.started_at)}</span>
        <span className="dim small">{duration(length)}</span>
      </div>
      <Timeline broadcast={broadcast} started={started} length={length} />
      {broadcast.recordings.length > 0 ? (
        <ul className={styles.recordings}>
          {broadcast.recordings.map((recording) => (
            <RecordingRow key={recording.id} recording={recording} />
          ))}
        </ul>
      ) : (
        <span className="dim tiny">Not recorded</span>
      )}
    </li>
  );
}

/** Titles and categories over a broadcast, to scale, and below it in words. */
function Timeline({ broadcast, started, length }: { broadcast: Broadcast; started: number; length: number }) {
  const entries = broadcast.history.length > 0 ? broadcast.history : [{ ...broadcast, at: broadcast.started_at }];
  const at = entries.map((entry) => Math.max(0, (new Date(entry.at).getTime() - started) / 1000));
  const share = (n: number) => Math.max(0.01, ((at[n + 1] ?? length) - at[n]!) / Math.max(1, length));
  return (
    <>
      <div className={styles.timeline} aria-hidden="true">
        {entries.map((entry, n) => (
          <span
            key={entry.at}
            style={{ flexGrow: share(n) }}
            title={[entry.title, entry.category].filter(Boolean).join(", ")}
          >
            {entry.category ?? entry.title}
          </span>
        ))}
      </div>
      <ol className={styles.entries}>
        {entries.map((entry, n) => (
          <li key={entry.at}>
            <span className="dim">{duration(at[n]!)}</span>
            <span>{entry.title ?? "No title"}</span>
            <span className="dim">{entry.category}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
