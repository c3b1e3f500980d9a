import { ActionIcon, Table, Text, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ErrorNote } from "@/components/ErrorNote";
import { DownloadIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { showProblem } from "@/components/toast";
import type { Rendition, Video } from "@/gen";
import { bytes, codec, frameRate, qualityName } from "@/lib/format";
import { createPlayback } from "@/player/create-playback";
import { renditionsQuery } from "@/player/list-renditions";
import { MakeRenditionsButton } from "./MakeRenditionsButton";
import styles from "./RenditionList.module.css";

/** The renditions of a video: the ladder that players choose from, and files for download. */
export function RenditionList({ video }: { video: Video }) {
  const { data, error, refetch } = useQuery(renditionsQuery(video.id));
  return (
    <section className={styles.box} aria-labelledby="renditions">
      <h2 id="renditions">Renditions</h2>
      {error && !data && <ErrorNote error={error} compact onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={44} w="100%" />}
      {data?.items.length === 0 && (
        <>
          <Text className="dim">No renditions; players use the original.</Text>
          <MakeRenditionsButton videoId={video.id} />
        </>
      )}
      {data && data.items.length > 0 && (
        <Table className={styles.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Video</Table.Th>
              <Table.Th>Size</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th className={styles.get}>
                <span className="only-read">Download</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((item) => (
              <Row key={item.name} video={video} item={item} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

function Row({ video, item }: { video: Video; item: Rendition }) {
  const name = `${qualityName(item.width, item.height, item.codec)}${item.kind === "download" ? " download" : ""}`;
  const silent = video.audio_codec !== null && !item.has_audio;
  const label = `Download ${name}${silent ? ", no audio" : ""}`;
  const download = () =>
    void createPlayback(video.id, { rendition: item.name, download: true, ttl_s: 3600 }).then(
      ({ path }) => window.location.assign(path),
      showProblem("Couldn't start the download"),
    );
  return (
    <Table.Tr data-rendition={item.name}>
      <Table.Td>{name}</Table.Td>
      <Table.Td>
        {item.width}×{item.height}
        <span className={styles.wide}>
          , {frameRate(item.fps)}, {codec(item.codec)}
          {silent && ", no audio of its own"}
        </span>
      </Table.Td>
      <Table.Td>{bytes(item.size_bytes)}</Table.Td>
      <Table.Td>
        {item.state !== "ready" && item.job_id ? (
          <Link to="/jobs" search={{ open: item.job_id }} title="View job">
            <StateBadge state={item.state} plain />
          </Link>
        ) : (
          <StateBadge state={item.state} plain />
        )}
      </Table.Td>
      <Table.Td className={styles.get}>
        {item.state === "ready" && (
          <Tooltip label={label}>
            <ActionIcon aria-label={label} onClick={download}>
              <DownloadIcon size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
