import { Button, Group, NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { CloseIcon, ProjectsIcon, TrashIcon } from "@/components/icons";
import { LostDrawing } from "@/components/LostDrawing";
import { PageHeader } from "@/components/PageHeader";
import { SearchField } from "@/components/SearchField";
import { UploadButton } from "@/features/uploads/components/UploadButton";
import { useCell } from "@/lib/cell";
import { count } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { loadPart } from "@/lib/load-part";
import { videoIdsQuery } from "../api/list-video-ids";
import { filterQuery, type VideoFilters, videosQuery } from "../api/list-videos";
import { going } from "../deleting";
import { useSelection } from "../selection";
import { keepView, keptView } from "../view";
import styles from "./LibraryPage.module.css";
import { GridSkeleton, VideoGrid } from "./VideoGrid";

const AddToProjectDialog = lazy(() =>
  loadPart(() =>
    import("@/features/projects/components/AddToProjectDialog").then(({ AddToProjectDialog }) => ({
      default: AddToProjectDialog,
    })),
  ),
);
const DeleteVideosDialog = lazy(() =>
  loadPart(() => import("./DeleteVideosDialog").then(({ DeleteVideosDialog }) => ({ default: DeleteVideosDialog }))),
);
const LibraryEmpty = lazy(() =>
  loadPart(() => import("./LibraryEmpty").then(({ LibraryEmpty }) => ({ default: LibraryEmpty }))),
);

const MoreFilters = lazy(() => loadPart(() => import("@/features/library/components/MoreFilters")));
const SavedSearches = lazy(() => loadPart(() => import("@/features/library/components/SavedSearches")));
const OrganizeDialog = lazy(() => loadPart(() => import("@/features/library/components/OrganizeDialog")));
const ContinueRow = lazy(() => loadPart(() => import("@/features/library/components/ContinueRow")));
const VideoTable = lazy(() => loadPart(() => import("@/features/library/components/VideoTable")));
const ViewSwitch = lazy(() => loadPart(() => import("@/features/library/components/ViewSwitch")));

const ORIGINS = [
  { value: "", label: "All origins" },
  { value: "upload", label: "Uploaded" },
  { value: "reel", label: "Reels" },
  { value: "recording", label: "Recordings" },
];
const STATES = [
  { value: "", label: "All states" },
  { value: "ready", label: "Ready" },
  { value: "preparing", label: "Preparing" },
  { value: "errored", label: "Errored" },
];
const SORTS = [
  { value: "-created_at", label: "Newest first" },
  { value: "created_at", label: "Oldest first" },
  { value: "title", label: "Title A to Z" },
  { value: "-title", label: "Title Z to A" },
  { value: "-duration_s", label: "Longest first" },
  { value: "duration_s", label: "Shortest first" },
  { value: "-size_bytes", label: "Largest first" },
  { value: "-watched_at", label: "Last played first" },
];

/** An order that only the columns of the list offer. */
const COLUMN_SORT = (sort: VideoFilters["sort"]) => ({ value: sort as string, label: "By column" });

export function LibraryPage() {
  useTitle("Library");
  const { view: wanted, ...filters } = useSearch({ from: "/inside/library" });
  const view = wanted ?? keptView();
  const navigate = useNavigate({ from: "/library" });
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    videosQuery(filters),
  );
  const gone = useCell(going);
  const videos = useMemo(
    () => data?.pages.flatMap((page) => page.items.filter(({ id }) => !gone.has(id))) ?? [],
    [data, gone],
  );
  const ids = useMemo(() => videos.map(({ id }) => id), [videos]);
  const client = useQueryClient();
  const { chosen, toggle, clear, selectAll } = useSelection(
    ids,
    async () => (await client.fetchQuery(videoIdsQuery(filters))).ids.filter((id) => !going.get().has(id)),
    JSON.stringify(filterQuery(filters)),
  );
  const { data: every } = useQuery({ ...videoIdsQuery(filters), enabled: chosen.size > 0 });
  const [deleting, setDeleting] = useState<{ id: string; title?: string }[] | null>(null);
  const [adding, setAdding] = useState<string[] | null>(null);
  const [filing, setFiling] = useState<string[] | null>(null);
  const set = (change: Partial<typeof filters>) =>
    void navigate({ search: { ...filters, view: wanted, ...change }, replace: true });
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const picked = useMemo(() => {
    const titles = new Map(videos.map(({ id, title }) => [id, title]));
    return [...chosen].map((id) => ({ id, title: titles.get(id) }));
  }, [chosen, videos]);
  // a dialog stays mounted once opened, so that it can restore the focus
  const used = useRef({ deleting: false, adding: false, filing: false });
  used.current = {
    deleting: used.current.deleting || deleting !== null,
    adding: used.current.adding || adding !== null,
    filing: used.current.filing || filing !== null,
  };
  const unchosen = every && chosen.size < every.ids.length;
  const { sort, ...narrowing } = filters;
  const filtered = Object.values(narrowing).some(Boolean);
  const trashLink = (
    <Button
      component={Link}
      to="/trash"
      size="xs"
      variant="subtle"
      color="gray"
      className={styles.trash}
      aria-label="Trash"
      leftSection={<TrashIcon size={15} />}
    >
      <span className={styles.word}>Trash</span>
    </Button>
  );
  return (
    <>
      <PageHeader title="Library">
        <SearchField
          value={filters.search ?? ""}
          label="Search videos"
          onSearch={(search) => set({ search: search || undefined })}
        />
        <UploadButton />
      </PageHeader>
      <div className={styles.toolbar} data-choosing={chosen.size > 0 || undefined}>
        {chosen.size > 0 ? (
          <Group gap={8} role="region" aria-label="Selection">
            <span className={styles.count} aria-live="polite">
              {chosen.size.toLocaleString("en")} selected
              {every && every.total > every.ids.length && chosen.size === every.ids.length
                ? ` of ${every.total.toLocaleString("en")}`
                : ""}
            </span>
            {unchosen && (
              <Button size="xs" variant="subtle" onClick={() => void selectAll()}>
                Select all {every.ids.length.toLocaleString("en")}
              </Button>
            )}
            <Button
              size="xs"
              variant="default"
              leftSection={<ProjectsIcon size={15} />}
              onClick={() => setAdding(picked.map(({ id }) => id))}
            >
              Add to project
            </Button>
            <Button size="xs" variant="default" onClick={() => setFiling(picked.map(({ id }) => id))}>
              Organize
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<TrashIcon size={15} />}
              onClick={() => setDeleting(picked)}
            >
              Delete
            </Button>
            <Button size="xs" variant="subtle" color="gray" leftSection={<CloseIcon size={14} />} onClick={clear}>
              Clear
            </Button>
          </Group>
        ) : data && videos.length === 0 && !filtered ? (
          <Group justify="flex-end">{trashLink}</Group>
        ) : (
          <Group gap={8} className={styles.filters}>
            <NativeSelect
              w={128}
              size="xs"
              aria-label="Origin"
              data={ORIGINS}
              value={filters.origin ?? ""}
              onChange={({ currentTarget: { value: origin } }) =>
                set({ origin: (origin || undefined) as VideoFilters["origin"] })
              }
            />
            <NativeSelect
              w={120}
              size="xs"
              aria-label="State"
              data={STATES}
              value={filters.state ?? ""}
              onChange={({ currentTarget: { value: state } }) =>
                set({ state: (state || undefined) as VideoFilters["state"] })
              }
            />
            <NativeSelect
              w={136}
              size="xs"
              aria-label="Order"
              data={
                SORTS.some(({ value }) => value === (sort ?? "-created_at")) ? SORTS : [...SORTS, COLUMN_SORT(sort)]
              }
              value={sort ?? "-created_at"}
              onChange={({ currentTarget: { value: sort } }) =>
                set({ sort: sort === "-created_at" ? undefined : (sort as VideoFilters["sort"]) })
              }
            />
            <Suspense>
              <MoreFilters filters={filters} onChange={set} />
              <SavedSearches
                filters={filters}
                onOpen={(query) => void navigate({ search: { ...query, view: wanted }, replace: true })}
              />
              <ViewSwitch
                view={view}
                onChange={(view) => {
                  keepView(view);
                  void navigate({ search: { ...filters, view }, replace: true });
                }}
              />
            </Suspense>
            {data && (
              <span className={`dim small ${styles.total}`}>
                {count(videos.length, "video")}
                {hasNextPage ? " so far" : ""}
              </span>
            )}
            {trashLink}
          </Group>
        )}
      </div>
      <div className={styles.body}>
        {isPending && !error && <GridSkeleton />}
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {data &&
          videos.length === 0 &&
          (filtered ? (
            <EmptyState
              drawing={<LostDrawing />}
              action={
                <Button
                  variant="default"
                  onClick={() => void navigate({ search: { sort, view: wanted }, replace: true })}
                >
                  Show all videos
                </Button>
              }
            >
              No videos match {filters.search ? `“${filters.search}”` : "these filters"}.
            </EmptyState>
          ) : (
            <Suspense fallback={<GridSkeleton />}>
              <LibraryEmpty />
            </Suspense>
          ))}
        {videos.length > 0 && !filtered && (
          <Suspense>
            <ContinueRow />
          </Suspense>
        )}
        {videos.length > 0 && view === "grid" && (
          <VideoGrid videos={videos} chosen={chosen} onToggle={toggle} onNearEnd={more} />
        )}
        {videos.length > 0 && view === "list" && (
          <Suspense>
            <VideoTable
              videos={videos}
              chosen={chosen}
              onToggle={toggle}
              onNearEnd={more}
              sort={sort ?? "-created_at"}
              onSort={(sort) => set({ sort: sort === "-created_at" ? undefined : sort })}
              owners={filters.owner !== undefined}
            />
          </Suspense>
        )}
      </div>
      <Suspense>
        {used.current.deleting && (
          <DeleteVideosDialog videos={deleting} onClose={() => setDeleting(null)} onDeleted={clear} />
        )}
        {used.current.filing && <OrganizeDialog videoIds={filing} onClose={() => setFiling(null)} />}
        {used.current.adding && (
          <AddToProjectDialog
            videoIds={adding}
            onClose={() => setAdding(null)}
            onAdded={() => {
              setAdding(null);
              clear();
            }}
          />
        )}
      </Suspense>
    </>
  );
}
