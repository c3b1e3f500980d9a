import { Button, Table } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import { say, sayWithUndo, showProblem } from "@/components/toast";
import { deleteRendition, listRenditions, type StorageCause } from "@/gen";
import { unwrap } from "@/lib/api";
import { bytes, count } from "@/lib/format";
import { changeMany, refreshLibrary } from "../api/bulk";
import { storageQuery } from "../api/storage";
import { CAUSES, KINDS } from "../words";
import styles from "./library.module.css";

/** The room that videos take, by kind and owner, and what frees the most of it. */
export default function StoragePanel({ mine = false }: { mine?: boolean }) {
  const { data, error, refetch } = useQuery(storageQuery(mine));
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={180} />;
  return (
    <>
      <section className={styles.part}>
        <h2>{bytes(data.size_bytes)} in all</h2>
        <div className={styles.scroll}>
          <Table>
            <Table.Tbody>
              {data.uses.map((use) => (
                <Table.Tr key={use.kind} data-kind={use.kind}>
                  <Table.Td>{KINDS[use.kind]}</Table.Td>
                  <Table.Td className={styles.figure}>{count(use.count, "file")}</Table.Td>
                  <Table.Td className={styles.figure}>{bytes(use.size_bytes)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </section>
      {data.owners.length > 0 && (
        <section className={styles.part}>
          <h2>By owner</h2>
          <div className={styles.scroll}>
            <Table>
              <Table.Tbody>
                {data.owners.map((owner) => (
                  <Table.Tr key={owner.user_id}>
                    <Table.Td>{owner.email}</Table.Td>
                    <Table.Td className={styles.figure}>{count(owner.videos, "video")}</Table.Td>
                    <Table.Td className={styles.figure}>{bytes(owner.size_bytes)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </section>
      )}
      <section className={styles.part}>
        <h2>What frees the most</h2>
        {data.causes.length === 0 && <p className="dim">Nothing that is clearly not needed.</p>}
        {data.causes.map((cause) => (
          <Cause key={cause.name} cause={cause} />
        ))}
      </section>
    </>
  );
}

function Cause({ cause }: { cause: StorageCause }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const { title, action } = CAUSES[cause.name];
  const largest = cause.videos.slice(0, 5);
  const free = async () => {
    setBusy(true);
    const ids = cause.videos.map(({ id }) => id);
    try {
      if (cause.name === "unwatched_renditions") await removeRenditions(ids);
      else await trashAll(ids, () => refreshLibrary(client));
      setAsking(false);
    } catch (error) {
      showProblem("Couldn't free space")(error);
    } finally {
      setBusy(false);
      refreshLibrary(client);
    }
  };
  return (
    <div className={styles.part} data-cause={cause.name}>
      <div className={styles.row} style={{ justifyContent: "space-between", flexWrap: "wrap" }}>
        <strong>
          {title}: {bytes(cause.size_bytes)} in {count(cause.count, "video")}
        </strong>
        {cause.name === "trash" ? (
          <Button size="xs" variant="default" component={Link} to="/trash">
            Open the trash
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {action} ({cause.videos.length})
          </Button>
        )}
      </div>
      <div className={styles.scroll}>
        <Table>
          <Table.Tbody>
            {largest.map((video) => (
              <Table.Tr key={video.id}>
                <Table.Td style={{ overflowWrap: "anywhere" }}>
                  <Link className="link" to="/videos/$videoId" params={{ videoId: video.id }}>
                    {video.title}
                  </Link>
                </Table.Td>
                <Table.Td className={styles.figure}>{bytes(video.size_bytes)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <ConfirmDialog
        opened={asking}
        title={`${action}?`}
        action={action}
        busy={busy}
        onClose={() => setAsking(false)}
        onConfirm={() => void free()}
      >
        {cause.name === "unwatched_renditions"
          ? `The renditions of ${count(cause.videos.length, "video")} are deleted. They can be made again.`
          : `${count(cause.videos.length, "video")} go to the trash, from where they can be restored. Those that projects use stay.`}
      </ConfirmDialog>
    </div>
  );
}

async function trashAll(ids: string[], onBack: () => void): Promise<void> {
  const { changed, failed } = await changeMany(ids, { trash: true });
  const kept = failed.length ? `, ${count(failed.length, "video")} stayed` : "";
  if (changed.length === 0) say(`Nothing went to the trash${kept}`);
  else
    sayWithUndo(`Moved ${count(changed.length, "video")} to the trash${kept}`, 10_000, () => {
      void changeMany(changed, { restore: true }).then(onBack, showProblem("Couldn't restore"));
    });
}

async function removeRenditions(ids: string[]): Promise<void> {
  for (const video_id of ids) {
    const { items } = await unwrap(listRenditions({ path: { video_id } }));
    for (const { name, state } of items)
      if (state === "ready") await unwrap(deleteRendition({ path: { video_id, name } }));
  }
  say(`Deleted the renditions of ${count(ids.length, "video")}`);
}
