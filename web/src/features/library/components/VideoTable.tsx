import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Poster } from "@/components/Poster";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import { usersQuery } from "@/features/people/api/list-users";
import type { VideoFilters } from "@/features/videos/api/list-videos";
import { ORIGINS } from "@/features/videos/words";
import type { Video } from "@/gen";
import { bytes, codec, duration, percent, resolution } from "@/lib/format";
import styles from "./library.module.css";

type Sort = NonNullable<VideoFilters["sort"]>;
type Props = {
  videos: Video[];
  chosen: ReadonlySet<string>;
  onToggle: (id: string, range: boolean) => void;
  onNearEnd: () => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Whether videos of several owners are listed. */
  owners: boolean;
};

const HEIGHT = 56;
const COLUMNS: { word: string; sort?: Exclude<Sort, `-${string}`>; from?: "mid" | "wide" }[] = [
  { word: "Title", sort: "title" },
  { word: "Duration", sort: "duration_s" },
  { word: "Resolution", sort: "height", from: "mid" },
  { word: "Codec", sort: "video_codec", from: "wide" },
  { word: "Size", sort: "size_bytes", from: "mid" },
  { word: "Origin", sort: "origin", from: "wide" },
  { word: "State", sort: "state", from: "wide" },
  { word: "Owner", from: "wide" },
  { word: "Added", sort: "created_at", from: "mid" },
  { word: "Watched", from: "wide" },
];
const FIRST_DOWN = new Set<Sort>(["duration_s", "height", "size_bytes", "created_at"]);

/** The library as a table; only rows near the viewport are rendered. */
export default function VideoTable({ videos, chosen, onToggle, onNearEnd, sort, onSort, owners }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const { data: users } = useQuery({ ...usersQuery, enabled: owners });
  const emails = useMemo(() => new Map(users?.items.map(({ id, email }) => [id, email])), [users]);
  useLayoutEffect(() => {
    if (box.current) setTop(box.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const virtual = useWindowVirtualizer({
    count: videos.length,
    estimateSize: () => HEIGHT,
    overscan: 8,
    scrollMargin: top,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (videos.length > 0 && last >= videos.length - 20) onNearEnd();
  }, [last, videos.length, onNearEnd]);
  return (
    <div
      className={styles.table}
      role="table"
      aria-label="Videos"
      aria-rowcount={videos.length + 1}
      style={{ "--owner": owners ? "1fr" : "0px" } as React.CSSProperties}
    >
      <div role="rowgroup">
        <div role="row" tabIndex={-1} className={styles.head} aria-rowindex={1}>
          <span role="columnheader" tabIndex={-1}>
            <span className="only-read">Selected</span>
          </span>
          {COLUMNS.map((column) => (
            <Head
              key={column.word}
              column={column}
              sort={sort}
              onSort={onSort}
              hidden={column.word === "Owner" && !owners}
            />
          ))}
        </div>
      </div>
      <div ref={box} role="rowgroup" style={{ position: "relative", height: virtual.getTotalSize() }}>
        {shown.map(({ index, key, start }) => {
          const video = videos[index]!;
          return (
            <div
              key={key}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              className={styles.line}
              data-video={video.id}
              data-chosen={chosen.has(video.id) || undefined}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <span role="cell" className={styles.check}>
                <Checkbox
                  aria-label={`Select ${video.title}`}
                  checked={chosen.has(video.id)}
                  onChange={() => undefined}
                  onClick={(event) => onToggle(video.id, event.shiftKey)}
                />
              </span>
              <span role="cell">
                <Link className={styles.title} to="/videos/$videoId" params={{ videoId: video.id }} title={video.title}>
                  <span className={styles.thumb}>
                    <Poster url={video.poster_url} state={video.state} />
                  </span>
                  <span>{video.title}</span>
                </Link>
              </span>
              <span role="cell">{duration(video.duration_s)}</span>
              <span role="cell" className={styles.mid}>
                {resolution(video.width, video.height)}
              </span>
              <span role="cell" className={styles.wide}>
                {video.video_codec ? codec(video.video_codec) : "–"}
              </span>
              <span role="cell" className={styles.mid}>
                {bytes(video.size_bytes)}
              </span>
              <span role="cell" className={styles.wide}>
                {ORIGINS[video.origin].word}
              </span>
              <span role="cell" className={styles.wide}>
                <StateBadge state={video.state} />
              </span>
              <span role="cell" className={styles.wide}>
                {owners ? (emails.get(video.owner_id) ?? video.owner_id) : ""}
              </span>
              <span role="cell" className={styles.mid}>
                <RelativeTime time={video.created_at} />
              </span>
              <span role="cell" className={styles.wide}>
                {watchedWord(video)}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

type HeadProps = { column: (typeof COLUMNS)[number]; sort: Sort; onSort: (sort: Sort) => void; hidden: boolean };

function Head({ column: { word, sort: by, from }, sort, onSort, hidden }: HeadProps) {
  const place = from && styles[from];
  if (!by)
    return (
      <span role="columnheader" tabIndex={-1} className={place}>
        {hidden ? "" : word}
      </span>
    );
  const up = sort === by;
  const down = sort === `-${by}`;
  const next = up || (!down && FIRST_DOWN.has(by)) ? (`-${by}` as Sort) : by;
  return (
    <span
      role="columnheader"
      tabIndex={-1}
      className={place}
      aria-sort={up ? "ascending" : down ? "descending" : "none"}
    >
      <button type="button" data-sorted={up || down || undefined} onClick={() => onSort(next)}>
        {word}
        {up ? " ↑" : down ? " ↓" : ""}
      </button>
    </span>
  );
}

/** "Watched", "42 %", or a dash. */
function watchedWord({ watch, duration_s }: Video): string {
  if (watch && watch.position_s > 0) return percent(watch.position_s / (duration_s || 1));
  return watch?.watched ? "Watched" : "–";
}
