import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ErrorNote } from "@/components/ErrorNote";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import type { ActivityEvent } from "@/gen";
import { activityQuery } from "../api/list-activity";
import styles from "./ActivityTab.module.css";

/** The activity of a video, newest first. */
export function ActivityTab({ videoId }: { videoId: string }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    activityQuery(videoId),
  );
  if (error && !data) return <ErrorNote error={error} compact onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={180} />;
  return (
    <>
      <ol className={styles.list} aria-label="Activity">
        {data.pages
          .flatMap((page) => page.items)
          .map((event) => (
            <Row key={event.id} event={event} />
          ))}
      </ol>
      {hasNextPage && (
        <Button mt={12} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function Row({ event }: { event: ActivityEvent }) {
  return (
    <li className={styles.row} data-event={event.kind}>
      <span className={styles.time}>
        <RelativeTime time={event.at} />
      </span>
      <div className="grow">
        <What event={event} />
        {event.actor && <span className="dim"> by {event.actor}</span>}
        {event.error && <div className={styles.error}>{event.error}</div>}
      </div>
      {event.state && event.state !== "succeeded" && <StateBadge state={event.state} plain />}
    </li>
  );
}

function What({ event }: { event: ActivityEvent }) {
  if (event.job_id)
    return (
      <Link className="link" to="/jobs" search={{ open: event.job_id }}>
        {event.text}
      </Link>
    );
  if (event.project_id)
    return (
      <Link className="link" to="/projects/$projectId" params={{ projectId: event.project_id }}>
        {event.text}
      </Link>
    );
  return (
    <span>
      {event.text}
      {event.share_id && event.kind === "share" && <span className="mono dim"> {event.share_id.slice(-6)}</span>}
    </span>
  );
}
