import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorNote } from "@/components/ErrorNote";
import { MoreIcon, RetryIcon, StopIcon, TrashIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import { say } from "@/components/toast";
import type { Recording } from "@/gen";
import { bytes, duration } from "@/lib/format";
import { type RecordingAction, useActOnRecording } from "../api/act-on-recording";
import { type RecordingFilters, recordingsQuery } from "../api/list-recordings";
import { gapsLine } from "../recording-words";
import { recordingState, stopWords } from "../words";
import { FinishedItems } from "./FinishedItems";
import styles from "./live.module.css";
import { RecordingLink } from "./RecordingLink";
import { RepairDialog } from "./RepairDialog";

type Props = { heading: string; filters?: RecordingFilters };

/** Recordings, the newest first: state, length, size, gaps, and what can be done. Nothing is shown without any. */
export function RecordingList({ heading, filters = {} }: Props) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery(
    recordingsQuery(filters),
  );
  const recordings = data?.pages.flatMap((page) => page.items) ?? [];
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (recordings.length === 0) return null;
  return (
    <section aria-labelledby="recordings" className={styles.section}>
      <h2 id="recordings">{heading}</h2>
      <ul className={styles.recordings}>
        {recordings.map((recording) => (
          <RecordingRow key={recording.id} recording={recording} />
        ))}
      </ul>
      {hasNextPage && (
        <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}

/** One recording with its facts. */
export function RecordingRow({ recording }: { recording: Recording }) {
  const gaps = gapsLine(recording.gaps);
  const why = recording.state === "ready" || recording.state === "errored" ? stopWords(recording.stop_reason) : null;
  return (
    <li className={styles.past}>
      <span className={styles.state}>
        <StateBadge state={recordingState(recording)} />
      </span>
      <span className={styles.text}>
        <RecordingLink recording={recording} />
        <span className="dim tiny">
          {[duration(recording.duration_s), bytes(recording.size_bytes), recording.quality, why]
            .filter(Boolean)
            .join(" · ")}
          {gaps && <span className={styles.gaps}> · {gaps}</span>}
        </span>
        {recording.error && (
          <span className={styles.fault}>
            {recording.error.message} {recording.error.hint}
          </span>
        )}
      </span>
      <span className={`${styles.checked} dim tiny`}>
        <RelativeTime time={recording.started_at} />
      </span>
      <Actions recording={recording} />
    </li>
  );
}

const SAID: Record<RecordingAction, string> = {
  stop: "Stopping",
  finalise: "Finalising again",
  delete: "Deleted",
};

function Actions({ recording }: { recording: Recording }) {
  const act = useActOnRecording();
  const [asking, setAsking] = useState<"stop" | "delete" | null>(null);
  const [repairing, setRepairing] = useState(false);
  const run = (action: RecordingAction) =>
    act.mutate(
      { id: recording.id, action },
      {
        onSuccess: () => {
          say(`${SAID[action]} “${recording.title}”`);
          setAsking(null);
        },
      },
    );
  const runs = recording.state === "recording";
  const ended = recording.state === "ready" || recording.state === "errored";
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More actions for ${recording.title}`} disabled={recording.state === "finalising"}>
            <MoreIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {runs && (
            <Menu.Item leftSection={<StopIcon size={16} />} onClick={() => setAsking("stop")}>
              Stop
            </Menu.Item>
          )}
          {recording.state === "errored" && (
            <Menu.Item leftSection={<RetryIcon size={16} />} onClick={() => run("finalise")}>
              Finalise again
            </Menu.Item>
          )}
          <FinishedItems recording={recording} onRepair={() => setRepairing(true)} />
          {ended && (
            <Menu.Item
              color="var(--state-red)"
              leftSection={<TrashIcon size={16} />}
              onClick={() => setAsking("delete")}
            >
              Delete recording
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <RepairDialog recording={recording} opened={repairing} onClose={() => setRepairing(false)} />
      <ConfirmDialog
        opened={asking !== null}
        title={asking === "stop" ? "Stop recording?" : "Delete this recording?"}
        action={asking === "stop" ? "Stop" : "Delete"}
        busy={act.isPending}
        error={act.error}
        onClose={() => setAsking(null)}
        onConfirm={() => asking && run(asking)}
      >
        <Text style={{ overflowWrap: "anywhere" }}>{recording.title}</Text>
        <Text className="dim" mt={12}>
          {asking === "stop"
            ? "What was received becomes a video; what follows is not recorded."
            : recording.video_id
              ? "Its entry here goes. Its video stays in the library."
              : "The parts that were received are deleted, and no video can be made of them any more."}
        </Text>
      </ConfirmDialog>
    </>
  );
}
