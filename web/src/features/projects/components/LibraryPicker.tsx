import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { CheckIcon } from "@/components/icons";
import { Poster } from "@/components/Poster";
import { SearchField } from "@/components/SearchField";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { UploadButton } from "@/features/uploads/components/UploadButton";
import { videosQuery } from "@/features/videos/api/list-videos";
import type { Video } from "@/gen";
import { count, duration, resolution } from "@/lib/format";
import styles from "./LibraryPicker.module.css";

type Props = { opened: boolean; one?: boolean; title?: string; onPick: (videos: Video[]) => void; onClose: () => void };

/** A picker for videos of the library: several in the order of selection, or one. */
export function LibraryPicker({ opened, one = false, title, onPick, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title ?? (one ? "Replace with" : "Add from the library")}
      size={760}
      styles={{ body: { paddingBottom: 0 } }}
    >
      {opened && <Choice one={one} onPick={onPick} />}
    </Modal>
  );
}

function Choice({ one, onPick }: { one: boolean; onPick: (videos: Video[]) => void }) {
  const [search, setSearch] = useState("");
  const [picked, setPicked] = useState<Video[]>([]);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    videosQuery({ search: search || undefined }, 48),
  );
  const videos = data?.pages.flatMap((page) => page.items) ?? [];
  const choose = (video: Video) => {
    if (one) return onPick([video]);
    setPicked((before) =>
      before.some(({ id }) => id === video.id) ? before.filter(({ id }) => id !== video.id) : [...before, video],
    );
  };
  return (
    <Stack gap={12}>
      <Group gap={8} wrap="nowrap" className={styles.top}>
        <SearchField main={false} value={search} label="Search videos" onSearch={setSearch} />
        <span className="grow" />
        <UploadButton variant="default" />
      </Group>
      <div className={styles.grid}>
        {isPending &&
          !error &&
          Array.from({ length: 6 }, (_, n) => <Skeleton key={n} style={{ aspectRatio: "16 / 9", height: "auto" }} />)}
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} compact />}
        {data && videos.length === 0 && (
          <Text className="dim">
            {search ? `No videos match “${search}”.` : "The library is empty. Upload a video first."}
          </Text>
        )}
        {videos.map((video) => {
          const at = picked.findIndex(({ id }) => id === video.id);
          return (
            <button
              key={video.id}
              type="button"
              className={styles.video}
              aria-pressed={one ? undefined : at >= 0}
              disabled={video.state === "errored"}
              onClick={() => choose(video)}
              aria-label={video.title}
            >
              <span className={styles.poster}>
                <Poster url={video.poster_url} state={video.state} />
                {at >= 0 && (
                  <span className={styles.number}>
                    {picked.length > 1 ? at + 1 : <CheckIcon size={14} strokeWidth={2.6} />}
                  </span>
                )}
                {video.state === "ready" ? (
                  <span className={styles.length}>{duration(video.duration_s)}</span>
                ) : (
                  <span className={styles.length}>
                    <StateBadge state={video.state} plain />
                  </span>
                )}
              </span>
              <span className="clip-text">{video.title}</span>
              <span className="dim tiny">{resolution(video.width, video.height)}</span>
            </button>
          );
        })}
        {hasNextPage && (
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
      {!one && (
        <div className={styles.foot}>
          <span className="dim">
            {picked.length ? `${picked.length} selected, added in this order` : "Choose one or more"}
          </span>
          <Button disabled={picked.length === 0} onClick={() => onPick(picked)}>
            Add {picked.length ? count(picked.length, "clip") : "clips"}
          </Button>
        </div>
      )}
    </Stack>
  );
}
