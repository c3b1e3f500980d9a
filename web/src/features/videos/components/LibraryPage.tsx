import { Button, Group } from "@mantine/core";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { TrashIcon } from "@/components/icons";
import { LostDrawing } from "@/components/LostDrawing";
import { PageHeader } from "@/components/PageHeader";
import { SearchField } from "@/components/SearchField";
import { UploadButton } from "@/features/uploads/components/UploadButton";
import { useCell } from "@/lib/cell";
import { count } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { loadPart } from "@/lib/load-part";
import { videoIdsQuery } from "../api/list-video-ids";
import { filterQuery, videosQuery } from "../api/list-videos";
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

const LibraryFilters = lazy(() => loadPart(() => import("./LibraryFilters")));
const SelectionBar = lazy(() => loadPart(() => import("./SelectionBar")));
const OrganizeDialog = lazy(() => loadPart(() => import("@/features/library/components/OrganizeDialog")));
const ContinueRow = lazy(() => loadPart(() => import("@/features/library/components/ContinueRow")));
const VideoTable = lazy(() => loadPart(() => import("@/features/library/components/VideoTable")));

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
          <Suspense>
            <SelectionBar
              chosen={chosen.size}
              every={every}
              onSelectAll={() => void selectAll()}
              onAdd={() => setAdding(picked.map(({ id }) => id))}
              onOrganize={() => setFiling(picked.map(({ id }) => id))}
              onDelete={() => setDeleting(picked)}
              onClear={clear}
            />
          </Suspense>
        ) : data && videos.length === 0 && !filtered ? (
          <Group justify="flex-end">{trashLink}</Group>
        ) : (
          <Suspense fallback={<div className={styles.filtersSpace} />}>
            <LibraryFilters
              filters={filters}
              view={view}
              total={data && `${count(videos.length, "video")}${hasNextPage ? " so far" : ""}`}
              onChange={set}
              onOpen={(query) => void navigate({ search: { ...query, view: wanted }, replace: true })}
              onView={(view) => {
                keepView(view);
                void navigate({ search: { ...filters, view }, replace: true });
              }}
            >
              {trashLink}
            </LibraryFilters>
          </Suspense>
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
