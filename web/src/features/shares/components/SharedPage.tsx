import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useRef } from "react";
import { DownloadIcon } from "@/components/icons";
import { Mark } from "@/components/Mark";
import { Skeleton } from "@/components/Skeleton";
import { showProblem } from "@/components/toast";
import { commentsQuery } from "@/features/comments/api/list-comments";
import type { CommentedPlayer } from "@/features/comments/desk";
import { marksOf } from "@/features/comments/marks";
import type { SharedVideo } from "@/gen";
import { bytes, duration, resolution, shortTime } from "@/lib/format";
import { loadPart } from "@/lib/load-part";
import { shapeOf } from "@/player/shape";
import { sharedDesk } from "../shared-desk";
import type { SharedVisit } from "../shared-visit";
import { SharedDoor } from "./SharedDoor";
import { SharedPlayer } from "./SharedPlayer";
import styles from "./shared.module.css";

const CommentsPanel = lazy(() => loadPart(() => import("@/features/comments/components/CommentsPanel")));

/** The page of a share link: the video, without navigation. */
export function SharedPage() {
  const { token } = useParams({ from: "/s/$token" });
  const { t } = useSearch({ from: "/s/$token" });
  return (
    <main className={styles.page}>
      <div className={styles.brand}>
        <Mark /> Playhead
      </div>
      <SharedDoor key={token} token={token}>
        {(video, visit) => <Shown video={video} visit={visit} startAt={t} />}
      </SharedDoor>
    </main>
  );
}

function Shown({ video, visit, startAt }: { video: SharedVideo; visit: SharedVisit; startAt?: number }) {
  const download = () =>
    void visit
      .play({ download: true })
      .then(({ path }) => window.location.assign(path), showProblem("Couldn't start the download"));
  const player = useRef<CommentedPlayer>(null);
  const desk = useMemo(() => sharedDesk(visit, video.comments === "write"), [visit, video.comments]);
  const commented = video.comments === "read" || video.comments === "write";
  const { data: comments } = useQuery({ ...commentsQuery(desk), enabled: commented });
  const marks = useMemo(() => marksOf(comments), [comments]);
  const facts = [
    video.duration_s && duration(video.duration_s),
    video.width && resolution(video.width, video.height),
    video.expires_at && `Link expires ${shortTime(video.expires_at)}`,
  ];
  return (
    <>
      <SharedPlayer ref={player} visit={visit} video={video} startAt={startAt} comments={marks} listed />
      <div className={styles.under} style={shapeOf(video.width, video.height)}>
        <div className="grow">
          <h1 title={video.title ?? undefined}>{video.title}</h1>
          <p className="dim">{facts.filter(Boolean).join(" · ")}</p>
        </div>
        {video.allow_download && (
          <Button variant="default" leftSection={<DownloadIcon size={16} />} onClick={download}>
            Download{video.size_bytes ? ` (${bytes(video.size_bytes)})` : ""}
          </Button>
        )}
      </div>
      {commented && (
        <div className={styles.under} style={shapeOf(video.width, video.height)}>
          <div>
            <h2>Comments</h2>
            <Suspense fallback={<Skeleton h={120} />}>
              <CommentsPanel desk={desk} player={() => player.current} />
            </Suspense>
          </div>
        </div>
      )}
    </>
  );
}
