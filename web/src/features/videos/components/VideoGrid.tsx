import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Video } from "@/gen";
import { VideoCard } from "./VideoCard";
import styles from "./VideoGrid.module.css";

type Props = {
  videos: Video[];
  chosen: ReadonlySet<string>;
  onToggle: (id: string, range: boolean) => void;
  onNearEnd: () => void;
};

const GAP = 20;
const TEXT_HEIGHT = 52; // title and facts below the poster
const NARROWEST = 230;

/** A virtual grid of posters; only rows near the viewport are rendered. */
export function VideoGrid({ videos, chosen, onToggle, onNearEnd }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [{ width, top }, setPlace] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const measure = () =>
      box.current &&
      setPlace({ width: box.current.clientWidth, top: box.current.getBoundingClientRect().top + window.scrollY });
    measure();
    const observer = new ResizeObserver(measure);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  const columns = Math.max(width < 480 ? 1 : 2, Math.floor((width + GAP) / (NARROWEST + GAP)));
  const column = (width - GAP * (columns - 1)) / columns;
  const rowHeight = Math.round((column * 9) / 16) + TEXT_HEIGHT + GAP;
  const rows = Math.ceil(videos.length / columns);
  const virtual = useWindowVirtualizer({
    count: width ? rows : 0,
    estimateSize: () => rowHeight,
    overscan: 4,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row height must be measured again
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  const shown = virtual.getVirtualItems();
  const lastRow = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows > 0 && lastRow >= rows - 6) onNearEnd();
  }, [lastRow, rows, onNearEnd]);

  return (
    <div ref={box} className={styles.grid} style={{ height: virtual.getTotalSize() }} role="list" aria-label="Videos">
      {shown.map((row) => (
        <div
          key={row.key}
          className={styles.row}
          role="presentation"
          style={{
            transform: `translateY(${row.start - top}px)`,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            gap: GAP,
          }}
        >
          {videos.slice(row.index * columns, (row.index + 1) * columns).map((video) => (
            <div key={video.id} role="listitem">
              <VideoCard video={video} chosen={chosen.has(video.id)} choosing={chosen.size > 0} onToggle={onToggle} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

export function GridSkeleton() {
  return (
    <div className={styles.waiting} aria-hidden="true">
      {Array.from({ length: 8 }, (_, n) => (
        <div key={n} className="late">
          <div className="skeleton" style={{ aspectRatio: "16 / 9" }} />
          <div className="skeleton" style={{ height: 14, width: "70%", marginTop: 10 }} />
          <div className="skeleton" style={{ height: 12, width: "45%", marginTop: 6 }} />
        </div>
      ))}
    </div>
  );
}
