import { useQuery } from "@tanstack/react-query";
import { lazy, type Ref, Suspense, useEffect, useImperativeHandle, useRef, useState } from "react";
import { PlayIcon } from "@/components/icons";
import type { CommentedPlayer } from "@/features/comments/desk";
import { ChapterList } from "@/features/videos/components/ChapterList";
import type { SharedVideo } from "@/gen";
import { duration } from "@/lib/format";
import { loadPart } from "@/lib/load-part";
import { isTyping } from "@/lib/typing";
import type { CommentMark } from "@/player/CommentMarks";
import { LazyPlayer } from "@/player/LazyPlayer";
import { shapeOf } from "@/player/shape";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { sharedChaptersQuery } from "../api/get-chapters";
import type { SharedVisit } from "../shared-visit";
import styles from "./shared.module.css";

const PlayerKeysDialog = lazy(() => loadPart(() => import("@/player/PlayerKeysDialog")));

type Props = {
  visit: SharedVisit;
  video: SharedVideo;
  startAt?: number;
  listed?: boolean;
  comments?: readonly CommentMark[];
  ref?: Ref<CommentedPlayer>;
};

/** The video of a share link: its poster until played, as only a play loads the video and counts as a view.
 * Its chapters can be listed below; a click on one plays from there. */
export function SharedPlayer({ visit, video, startAt, listed = false, comments, ref }: Props) {
  const [begun, setBegun] = useState(false);
  const [from, setFrom] = useState(startAt);
  const player = useRef<PlayerHandle>(null);
  const { data: chapters } = useQuery(sharedChaptersQuery(visit));
  const playFrom = (seconds: number) => {
    if (begun) return player.current?.seek(seconds);
    setFrom(seconds);
    setBegun(true);
  };
  useImperativeHandle(ref, () => ({
    seek: playFrom,
    time: () => player.current?.time() ?? from ?? 0,
    pause: () => player.current?.pause(),
  }));
  const [keysShown, setKeysShown] = useState(false);
  const id = visit.token.slice(0, 12);
  const storyboard = useQuery({
    queryKey: ["shared", visit.token, "storyboard"],
    queryFn: () => visit.play({ kind: "storyboard" }),
    enabled: begun,
    retry: false, // not every video has one
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTyping(event.target) ||
        document.querySelector("[aria-modal='true']")
      )
        return;
      if (event.key === "?") setKeysShown(true);
      else if (!begun && event.key.toLowerCase() === "k") setBegun(true);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [begun]);
  const title = video.title ?? "Video";
  const shape = shapeOf(video.width, video.height);
  return (
    <>
      {begun ? (
        <div className={styles.stage} style={shape}>
          <LazyPlayer
            ref={player}
            videoId={id}
            signer={visit.play}
            audio={video.streamed_track ?? null}
            ladder={video.has_renditions ?? false}
            label={title}
            poster={video.poster_url}
            width={video.width}
            height={video.height}
            storyboard={storyboard.data?.path}
            startAt={from}
            chapters={chapters}
            comments={comments}
            resumeKey={id}
            autoPlay
          />
        </div>
      ) : (
        <div className={styles.cover} style={shape}>
          <button type="button" className={styles.start} aria-label={`Play ${title}`} onClick={() => setBegun(true)}>
            {video.poster_url && <img src={video.poster_url} alt="" />}
            <span className={styles.play}>
              <PlayIcon size={34} />
            </span>
          </button>
          {video.duration_s && <span className={styles.length}>{duration(video.duration_s)}</span>}
        </div>
      )}
      {listed && chapters && chapters.length > 0 && (
        <div className={styles.under} style={shape}>
          <ChapterList chapters={chapters} onSeek={playFrom} />
        </div>
      )}
      <Suspense>{keysShown && <PlayerKeysDialog onClose={() => setKeysShown(false)} />}</Suspense>
    </>
  );
}
