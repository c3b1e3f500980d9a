import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { CommentIcon } from "@/components/comment-icon";
import { CheckIcon, CloseIcon, ErrorIcon } from "@/components/icons";
import { Poster } from "@/components/Poster";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import type { Video } from "@/gen";
import { bytes, count, duration, resolution } from "@/lib/format";
import { deleteSoon } from "../deleting";
import { ORIGINS, reasonOf } from "../words";
import { KeptBadge } from "./KeptBadge";
import styles from "./VideoCard.module.css";

type Props = { video: Video; chosen: boolean; choosing: boolean; onToggle: (id: string, range: boolean) => void };

/** A video in the library: poster, title, one line of facts. */
export const VideoCard = memo(function VideoCard({ video, chosen, choosing, onToggle }: Props) {
  const { word, icon: OriginIcon } = ORIGINS[video.origin];
  return (
    <article
      className={styles.card}
      data-chosen={chosen || undefined}
      data-choosing={choosing || undefined}
      data-video={video.id}
    >
      <Link
        to="/videos/$videoId"
        params={{ videoId: video.id }}
        className={styles.link}
        onClick={(event) => {
          if (!choosing && !event.shiftKey) return;
          event.preventDefault();
          onToggle(video.id, event.shiftKey);
        }}
      >
        <span className={styles.poster}>
          {video.state === "errored" ? (
            <span className={styles.reason} title={video.error?.message}>
              <ErrorIcon size={18} />
              <span>{reasonOf(video)}</span>
            </span>
          ) : (
            <Poster url={video.poster_url} state={video.state} moving={video.preview_url} />
          )}
          {video.state === "ready" ? (
            <>
              <span className={styles.length}>
                {video.watch?.watched ? "Watched · " : ""}
                {duration(video.duration_s)}
              </span>
              {video.watch && video.watch.position_s > 0 && (
                <span
                  className={styles.begun}
                  style={{ width: `${(100 * video.watch.position_s) / (video.duration_s || 1)}%` }}
                />
              )}
            </>
          ) : (
            <span className={styles.state}>
              <StateBadge state={video.state} />
            </span>
          )}
        </span>
        <span className={styles.title} title={video.title}>
          {video.title}
        </span>
      </Link>
      <div className={styles.facts}>
        <Tooltip label={word}>
          <span className={styles.origin}>
            <OriginIcon size={13} />
            <span className="only-read">{word}</span>
          </span>
        </Tooltip>
        {video.keep && <KeptBadge />}
        {video.open_comments > 0 && (
          <Link
            to="/videos/$videoId"
            params={{ videoId: video.id }}
            search={{ tab: "comments" }}
            className={styles.comments}
            title={count(video.open_comments, "open comment")}
          >
            <CommentIcon size={13} />
            {video.open_comments}
            <span className="only-read"> open comments</span>
          </Link>
        )}
        <span className="clip-text">
          {video.width ? `${resolution(video.width, video.height)} · ` : ""}
          {video.size_bytes !== null ? `${bytes(video.size_bytes)} · ` : ""}
          <RelativeTime time={video.created_at} />
        </span>
      </div>
      {video.state === "errored" && (
        <Tooltip label="Delete">
          <button
            type="button"
            className={styles.away}
            aria-label={`Delete ${video.title}`}
            onClick={() => deleteSoon(video)}
          >
            <CloseIcon size={15} />
          </button>
        </Tooltip>
      )}
      <button
        type="button"
        role="checkbox"
        aria-checked={chosen}
        aria-label={`Select ${video.title}`}
        className={styles.box}
        onClick={(event) => onToggle(video.id, event.shiftKey)}
      >
        <span>{chosen && <CheckIcon size={14} strokeWidth={2.6} />}</span>
      </button>
    </article>
  );
});
