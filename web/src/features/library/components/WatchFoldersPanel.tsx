import { Button, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorNote } from "@/components/ErrorNote";
import { RetryIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import type { WatchFolderState } from "@/gen";
import { useScanWatchFolders, watchFoldersQuery } from "../api/watch-folders";
import styles from "./library.module.css";

/** Folders of the server whose files become videos, and the files that could not. */
export default function WatchFoldersPanel() {
  const { data, error, refetch } = useQuery(watchFoldersQuery);
  const scan = useScanWatchFolders();
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={120} />;
  if (data.items.length === 0)
    return (
      <p className="dim">
        No watch folders. Name some in the setting <span className="mono">watch_folders</span>, and restart the server.
      </p>
    );
  return (
    <>
      <Button
        variant="default"
        mb={20}
        leftSection={<RetryIcon size={15} />}
        loading={scan.isPending}
        onClick={() => scan.mutate()}
      >
        Scan now
      </Button>
      {data.items.map((folder) => (
        <Folder key={folder.path} folder={folder} />
      ))}
    </>
  );
}

function Folder({ folder }: { folder: WatchFolderState }) {
  const facts = [
    `${folder.imported.toLocaleString("en")} imported`,
    folder.importing > 0 && `${folder.importing} being imported`,
    folder.waiting > 0 && `${folder.waiting.toLocaleString("en")} waiting`,
    folder.ignored > 0 && `${folder.ignored.toLocaleString("en")} not videos`,
  ].filter(Boolean);
  return (
    <section className={styles.part} data-folder={folder.path}>
      <h2 style={{ overflowWrap: "anywhere" }}>{folder.path}</h2>
      <p className="dim" style={{ overflowWrap: "anywhere" }}>
        {folder.mode === "move" ? "Files are moved" : "Files are copied"} into the library of {folder.owner}
        {folder.collection ? `, collection “${folder.collection}”` : ""}. {facts.join(", ")}.{" "}
        {folder.looked_at ? (
          <>
            Looked at <RelativeTime time={folder.looked_at} />.
          </>
        ) : (
          "No worker has looked at it yet."
        )}
        {folder.truncated && " It has more than 10,000 files; the others are not looked at."}
      </p>
      {folder.problem && <p role="alert">{folder.problem}</p>}
      {folder.problems.length > 0 && (
        <div className={styles.scroll}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>File</Table.Th>
                <Table.Th>Problem</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {folder.problems.map((file) => (
                <Table.Tr key={file.name}>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{file.name}</Table.Td>
                  <Table.Td>
                    {file.problem} {file.hint}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}
