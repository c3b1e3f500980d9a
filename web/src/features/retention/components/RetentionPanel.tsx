import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ErrorNote } from "@/components/ErrorNote";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import type { RetentionState } from "@/gen";
import { bytes, count, days } from "@/lib/format";
import { retentionQuery } from "../api/get-retention";
import { HistoryPart } from "./HistoryPart";
import { PlanPart } from "./PlanPart";
import { PoliciesPart } from "./PoliciesPart";
import styles from "./retention.module.css";

/** Which videos stay, which go, and why. */
export function RetentionPanel() {
  const { data, error, refetch } = useQuery(retentionQuery);
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={240} />;
  return (
    <div className={styles.panel}>
      <PoliciesPart />
      <PlanPart />
      <section aria-labelledby="space">
        <h2 id="space">Space</h2>
        <SpaceFacts state={data} />
      </section>
      <HistoryPart />
    </div>
  );
}

function SpaceFacts({ state }: { state: RetentionState }) {
  const { free_bytes: free, floor_bytes: floor, pending } = state;
  const low = free !== null && free < floor;
  return (
    <dl className={styles.facts}>
      <dt>Free</dt>
      <dd className={low ? styles.low : undefined}>
        {free === null
          ? "The store is remote: only policies delete"
          : floor > 0
            ? `${bytes(free)}; under ${bytes(floor)} the oldest videos go, whatever the policies say`
            : bytes(free)}
      </dd>
      {state.recording_bytes_per_s > 0 && (
        <>
          <dt>Recordings</dt>
          <dd>{bytes(state.recording_bytes_per_s)} a second</dd>
        </>
      )}
      <dt>Trash</dt>
      <dd>
        {count(state.trash_videos, "video")} of all users, {bytes(state.trash_bytes)}; kept for{" "}
        {days(state.trash_window_s)}
        <div>
          <Link className="link" to="/trash">
            Open your trash
          </Link>
        </div>
      </dd>
      {pending.count > 0 && (
        <>
          <dt>Still to delete</dt>
          <dd className={pending.failed > 0 ? styles.note : undefined}>
            Files of {count(pending.count, "video")}
            {pending.failed > 0 && `; the store has failed to delete those of ${pending.failed}, and is tried again`}
          </dd>
        </>
      )}
      <dt>Next run</dt>
      <dd>{state.next_run_at ? <RelativeTime time={state.next_run_at} /> : "Only on request"}</dd>
    </dl>
  );
}
