import { ActionIcon, Button, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { LibraryDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { UndoIcon } from "@/components/edit-icons";
import { BackIcon, TrashIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { say, showProblem } from "@/components/toast";
import type { TrashedVideo } from "@/gen";
import { bytes, count } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { useEmptyTrash } from "../api/empty-trash";
import { trashQuery } from "../api/list-trash";
import { useRestoreVideo } from "../api/restore-video";
import styles from "./trash.module.css";

/** Deleted videos: restore them, or delete them for good. */
export function TrashPage() {
  useTitle("Trash");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(trashQuery);
  const [emptying, setEmptying] = useState<TrashedVideo | "all" | null>(null);
  const empty = useEmptyTrash();
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const total = data?.pages[0];
  const back = (
    <ActionIcon component={Link} to="/library" size={32} aria-label="Back to library">
      <BackIcon />
    </ActionIcon>
  );
  const one = emptying === "all" ? null : emptying;
  return (
    <>
      <PageHeader title="Trash" lead={back}>
        {items.length > 0 && (
          <Button variant="default" leftSection={<TrashIcon size={16} />} onClick={() => setEmptying("all")}>
            Empty trash
          </Button>
        )}
      </PageHeader>
      <div className={styles.page}>
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton h={160} />}
        {data && items.length === 0 && (
          <EmptyState
            drawing={<LibraryDrawing />}
            action={
              <Button component={Link} to="/library">
                Go to library
              </Button>
            }
          >
            The trash is empty. Deleted videos stay here for a while and can be restored.
          </EmptyState>
        )}
        {total && items.length > 0 && (
          <>
            <p className="dim">
              {count(total.videos, "video")}, {bytes(total.size_bytes)}. They take space until they are deleted for
              good.
            </p>
            <TrashTable items={items} onDelete={setEmptying} />
            {hasNextPage && (
              <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show more
              </Button>
            )}
          </>
        )}
      </div>
      <ConfirmDialog
        opened={emptying !== null}
        title={one ? "Delete this video permanently?" : "Empty the trash?"}
        action={one ? "Delete permanently" : "Empty trash"}
        busy={empty.isPending}
        error={empty.error}
        onClose={() => {
          setEmptying(null);
          empty.reset();
        }}
        onConfirm={() =>
          empty.mutate(one?.id ?? null, {
            onSuccess: () => {
              say(one ? `Deleted “${one.title}”` : "Emptied the trash");
              setEmptying(null);
            },
          })
        }
      >
        <Text style={{ overflowWrap: "anywhere" }}>{one ? one.title : count(total?.videos ?? 0, "video")}</Text>
        <Text className="dim" mt={12}>
          This frees {bytes(one ? one.size_bytes : total?.size_bytes)}. This cannot be undone.
        </Text>
      </ConfirmDialog>
    </>
  );
}

function TrashTable({ items, onDelete }: { items: readonly TrashedVideo[]; onDelete: (video: TrashedVideo) => void }) {
  const restore = useRestoreVideo();
  return (
    <Table className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Title</Table.Th>
          <Table.Th className={`${styles.figure} ${styles.wide}`}>Size</Table.Th>
          <Table.Th className={styles.wide}>Deleted</Table.Th>
          <Table.Th className={styles.wide}>Gone for good</Table.Th>
          <Table.Th>
            <span className="only-read">Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((video) => (
          <Table.Tr key={video.id} data-trashed={video.id}>
            <Table.Td>
              {video.title}
              <div className="dim small">{whyOf(video)}</div>
            </Table.Td>
            <Table.Td className={`${styles.figure} ${styles.wide}`}>{bytes(video.size_bytes)}</Table.Td>
            <Table.Td className={styles.wide}>
              <RelativeTime time={video.trashed_at} />
            </Table.Td>
            <Table.Td className={styles.wide}>
              <RelativeTime time={video.deleted_at} />
            </Table.Td>
            <Table.Td className={styles.actions}>
              <Button
                size="xs"
                variant="default"
                leftSection={<UndoIcon size={14} />}
                aria-label={`Restore ${video.title}`}
                onClick={() =>
                  restore.mutate(video.id, {
                    onSuccess: ({ keep }) =>
                      say(`Restored “${video.title}”${keep ? "; retention leaves it alone from now on" : ""}`),
                    onError: showProblem("Couldn't restore it"),
                  })
                }
              >
                Restore
              </Button>{" "}
              <ActionIcon size={30} aria-label={`Delete ${video.title} permanently`} onClick={() => onDelete(video)}>
                <TrashIcon size={16} />
              </ActionIcon>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Who deleted it, and why where that says more. */
function whyOf({ trashed_by: by, reason }: TrashedVideo): string {
  if (by === "retention") return `By retention: ${reason}`;
  return reason === "requested" ? `By ${by}` : `By ${by}: ${reason}`;
}
