import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { BackIcon, LinkIcon, MoreIcon, VideoIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { PendingPage } from "@/components/PendingPage";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import { videoQuery } from "@/features/videos/api/get-video";
import type { Recording } from "@/gen";
import { copyText } from "@/lib/clipboard";
import { bytes, duration } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { createLivePlayback } from "@/player/create-live-playback";
import { LazyPlayer } from "@/player/LazyPlayer";
import { fileOf, liveOf, streamOf } from "@/player/media";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { isUnderway, recordingQuery } from "../api/get-recording";
import { gapMark, healthWords } from "../recording-words";
import { FinishedItems } from "./FinishedItems";
import { GapList } from "./GapList";
import { NoVideoYet } from "./NoVideoYet";
import { RateGraph } from "./RateGraph";
import styles from "./RecordingPage.module.css";
import { RepairDialog } from "./RepairDialog";
import { StopRecording } from "./StopRecording";

export function RecordingPage() {
  const { recordingId } = useParams({ from: "/inside/live/recordings/$recordingId" });
  const { data: recording, error, refetch, dataUpdatedAt } = useQuery(recordingQuery(recordingId));
  useTitle(recording?.title ?? (error ? "Not found" : "Recording"));
  if (recording) return <Loaded key={recording.id} recording={recording} seenAt={dataUpdatedAt} />;
  return (
    <PendingPage
      title="Recording"
      error={error}
      onRetry={() => void refetch()}
      lead={<BackToLive />}
      missing="This recording doesn't exist. It may have been deleted."
      home={{ to: "/library", label: "Go to library" }}
    >
      <div className={styles.page}>
        <div className={styles.screen}>
          <Skeleton style={{ aspectRatio: "16 / 9", height: "auto" }} />
        </div>
      </div>
    </PendingPage>
  );
}

const BackToLive = () => (
  <ActionIcon component={Link} to="/live" size={32} aria-label="Back to live">
    <BackIcon />
  </ActionIcon>
);

function Loaded({ recording, seenAt }: { recording: Recording; seenAt: number }) {
  const player = useRef<PlayerHandle>(null);
  const [repairing, setRepairing] = useState(false);
  const { state, video_id } = recording;
  const copyStream = () =>
    void createLivePlayback(recording.id).then(
      async ({ url }) => (await copyText(url)) && say("Copied the stream URL"),
      showProblem("Couldn't create a stream URL"),
    );
  return (
    <>
      <PageHeader title={recording.title} lead={<BackToLive />}>
        {state === "recording" && <StopRecording recording={recording} />}
        {state === "ready" && video_id && (
          <Button component={Link} to={`/videos/${video_id}`} leftSection={<VideoIcon size={16} />}>
            Open video
          </Button>
        )}
        {state === "ready" && video_id && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size={36} aria-label="More">
                <MoreIcon />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <FinishedItems recording={recording} onRepair={() => setRepairing(true)} />
            </Menu.Dropdown>
          </Menu>
        )}
      </PageHeader>
      <RepairDialog recording={recording} opened={repairing} onClose={() => setRepairing(false)} />
      <div className={styles.page}>
        <div className={styles.screen}>
          <Screen recording={recording} player={player} />
        </div>
        <div className={styles.side}>
          <div className={styles.facts}>
            <StateBadge state={state} />
            <span>{duration(recording.duration_s)}</span>
            <span>{bytes(recording.size_bytes)}</span>
            <span>
              Started <RelativeTime time={recording.started_at} />
            </span>
          </div>
          {state === "recording" && (
            <>
              <p className={styles.health} data-health={recording.health} role="status">
                {healthWords(recording)}
              </p>
              <RateGraph recording={recording} seenAt={seenAt} />
            </>
          )}
          {state === "finalising" && (
            <p className={styles.health} role="status">
              Preparing the video. It will play here as soon as it is ready.
            </p>
          )}
          <GapList gaps={recording.gaps} onSeek={(seconds) => player.current?.seek(seconds)} />
          {state === "recording" && recording.size_bytes > 0 && (
            <div>
              <Button variant="default" size="xs" leftSection={<LinkIcon size={14} />} onClick={copyStream}>
                Copy stream URL
              </Button>
              <Text className="dim small" mt={6}>
                For VLC, mpv and other players. It works for a few hours, for anyone who has it.
              </Text>
            </div>
          )}
        </div>
      </div>
    </>
  );
}

type ScreenProps = { recording: Recording; player: React.RefObject<PlayerHandle | null> };

/** The player: of what grows, then of the video at the same place. */
function Screen({ recording, player }: ScreenProps) {
  const { id, state, video_id, gaps } = recording;
  const { data: video } = useQuery({ ...videoQuery(video_id ?? ""), enabled: state === "ready" && video_id !== null });
  const ready = video?.state === "ready" ? video : null;
  const media = useMemo(() => {
    if (!ready) return liveOf(id);
    return ready.streamed_track === null ? fileOf(ready.id) : streamOf(ready.id, undefined, ready.streamed_track);
  }, [id, ready]);
  const marks = useMemo(() => gaps.map(gapMark), [gaps]);
  if (!ready && (recording.size_bytes === 0 || state === "errored")) return <NoVideoYet recording={recording} />;
  return (
    <LazyPlayer
      ref={player}
      videoId={id}
      media={media}
      live={isUnderway(recording)}
      gaps={marks}
      autoPlay
      label={recording.title}
      codec={ready?.video_codec}
      width={ready?.width}
      height={ready?.height}
      fps={ready?.fps}
      storyboard={ready?.storyboard_url}
    />
  );
}
