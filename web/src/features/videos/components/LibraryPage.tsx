import { Button, Group, Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { LibraryDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { CloseIcon, ProjectsIcon, TrashIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { SearchField } from "@/components/SearchField";
import { AddToProjectDialog } from "@/features/projects/components/AddToProjectDialog";
import { UploadButton } from "@/features/uploads/components/UploadButton";
import type { Video } from "@/gen";
import { count } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { type VideoFilters, videosQuery } from "../api/list-videos";
import { useSelection } from "../selection";
import { DeleteVideosDialog } from "./DeleteVideosDialog";
import styles from "./LibraryPage.module.css";
import { GridSkeleton, VideoGrid } from "./VideoGrid";

const ORIGINS = [{ value: "", label: "All origins" }, { value: "upload", label: "Uploaded" }, { value: "reel", label: "Reels" }];
const STATES = [{ value: "", label: "All states" }, { value: "ready", label: "Ready" }, { value: "preparing", label: "Preparing" }, { value: "errored", label: "Errored" }];
const SORTS = [
  { value: "-created_at", label: "Newest first" },
  { value: "created_at", label: "Oldest first" },
  { value: "title", label: "Title A to Z" },
  { value: "-title", label: "Title Z to A" },
  { value: "-duration_s", label: "Longest first" },
  { value: "duration_s", label: "Shortest first" },
  { value: "-size_bytes", label: "Largest first" },
];

export function LibraryPage() {
  useTitle("Library");
  const filters = useSearch({ from: "/inside/library" });
  const navigate = useNavigate({ from: "/library" });
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(videosQuery(filters));
  const videos = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const ids = useMemo(() => videos.map(({ id }) => id), [videos]);
  const { chosen, toggle, clear } = useSelection(ids);
  const [deleting, setDeleting] = useState<Video[] | null>(null);
  const [adding, setAdding] = useState<string[] | null>(null);
  const set = (change: Partial<typeof filters>) => void navigate({ search: { ...filters, ...change }, replace: true });
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const picked = videos.filter((video) => chosen.has(video.id));
  const filtered = Boolean(filters.search || filters.origin || filters.state);
  return (
    <>
      <PageHeader title="Library">
        <SearchField value={filters.search ?? ""} label="Search videos" onSearch={(search) => set({ search: search || undefined })} />
        <UploadButton />
      </PageHeader>
      <div className={styles.toolbar} data-choosing={chosen.size > 0 || undefined}>
        {chosen.size > 0 ? (
          <Group gap={8} role="region" aria-label="Selection">
            <span className={styles.count} aria-live="polite">{chosen.size} selected</span>
            <Button size="xs" variant="default" leftSection={<ProjectsIcon size={15} />} onClick={() => setAdding(picked.map(({ id }) => id))}>Add to project</Button>
            <Button size="xs" variant="default" leftSection={<TrashIcon size={15} />} onClick={() => setDeleting(picked)}>Delete</Button>
            <Button size="xs" variant="subtle" color="gray" leftSection={<CloseIcon size={14} />} onClick={clear}>Clear</Button>
          </Group>
        ) : (data && videos.length === 0 && !filtered) ? null : (
          <Group gap={8} className={styles.filters}>
            <Select w={128} size="xs" aria-label="Origin" data={ORIGINS} value={filters.origin ?? ""} onChange={(origin) => set({ origin: (origin || undefined) as VideoFilters["origin"] })} />
            <Select w={120} size="xs" aria-label="State" data={STATES} value={filters.state ?? ""} onChange={(state) => set({ state: (state || undefined) as VideoFilters["state"] })} />
            <Select w={136} size="xs" aria-label="Order" data={SORTS} value={filters.sort ?? "-created_at"} onChange={(sort) => set({ sort: sort === "-created_at" ? undefined : (sort as VideoFilters["sort"]) })} />
            {data && <span className={`dim small ${styles.total}`}>{count(videos.length, "video")}{hasNextPage ? " so far" : ""}</span>}
          </Group>
        )}
      </div>
      <div className={styles.body}>
        {isPending && !error && <GridSkeleton />}
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {data && videos.length === 0 && (filtered ? (
          <EmptyState drawing={<LibraryDrawing />} action={<Button variant="default" onClick={() => set({ search: undefined, origin: undefined, state: undefined })}>Show all videos</Button>}>
            No video matches {filters.search ? `“${filters.search}”` : "these filters"}.
          </EmptyState>
        ) : (
          <EmptyState drawing={<LibraryDrawing />} action={<UploadButton size="md" fz={14}>Upload videos</UploadButton>}>
            The library is empty. Drop video files anywhere on this page, or choose some.
          </EmptyState>
        ))}
        {videos.length > 0 && <VideoGrid videos={videos} chosen={chosen} onToggle={toggle} onNearEnd={more} />}
      </div>
      <DeleteVideosDialog videos={deleting} onClose={() => setDeleting(null)} onDeleted={clear} />
      <AddToProjectDialog videoIds={adding} onClose={() => setAdding(null)} onAdded={() => { setAdding(null); clear(); }} />
    </>
  );
}
