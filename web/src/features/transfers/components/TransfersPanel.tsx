import { Button, Group, Progress, SegmentedControl, Table, Text, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { say } from "@/components/toast";
import { videoQuery } from "@/features/videos/api/get-video";
import { bytes, count, exactTime, span } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { agentWord } from "../agent";
import { useEndTransfer } from "../api/end-transfer";
import { type Transfer, transfersQuery } from "../api/list-transfers";
import styles from "./TransfersPanel.module.css";

const SHOWN = 100;
const STATES = [{ value: "active", label: "Active" }, { value: "ended", label: "Ended" }];

type Props = {
  state: Transfer["state"];
  onState: (state: Transfer["state"]) => void;
  /** Names of users by their ids. */
  names: ReadonlyMap<string, string>;
};

/** Who takes which media right now, how fast, and how the last ones ended. */
export function TransfersPanel({ state, onState, names }: Props) {
  const { data, error, isPending, refetch } = useQuery(transfersQuery(state));
  const [shown, setShown] = useState(SHOWN);
  const [ending, setEnding] = useState<Transfer | null>(null);
  const end = useEndTransfer();
  const items = data?.items ?? [];
  const rate = items.reduce((sum, item) => sum + item.rate_bytes_per_s, 0);
  const active = state === "active";
  return (
    <>
      <Group gap={16} mb={12}>
        <SegmentedControl size="xs" aria-label="Which transfers" data={STATES} value={state} onChange={(value) => { setShown(SHOWN); onState(value as Transfer["state"]); }} />
        {data && <span className="dim small">{count(items.length, "transfer")}{active && items.length > 0 ? `, ${bytes(Math.round(rate))}/s` : ""}</span>}
      </Group>
      {isPending && !error && <Skeleton h={160} />}
      {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data && items.length === 0 && <EmptyState>{active ? "Nothing is being sent right now. What viewers load shows here while it is on its way." : "No transfer has ended since this server started."}</EmptyState>}
      {items.length > 0 && (
        <Table className={styles.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Video</Table.Th>
              <Table.Th className={styles.wide}>Viewer</Table.Th>
              <Table.Th className={styles.wide}>Client</Table.Th>
              <Table.Th>Acknowledged</Table.Th>
              <Table.Th className={styles.wide}>Rate</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th className={styles.wide}>{active ? "Since" : "Ended"}</Table.Th>
              {active && <Table.Th className={styles.last}><span className="only-read">Actions</span></Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.slice(0, shown).map((item) => <Row key={item.id} transfer={item} viewer={viewerWord(item.viewer, names)} onEnd={active ? () => setEnding(item) : undefined} />)}
          </Table.Tbody>
        </Table>
      )}
      {items.length > shown && <Button mt={16} variant="default" onClick={() => setShown(shown + SHOWN)}>Show more</Button>}
      <ConfirmDialog
        opened={ending !== null}
        title="End this transfer?"
        action="End"
        busy={end.isPending}
        error={end.error}
        onClose={() => { setEnding(null); end.reset(); }}
        onConfirm={() => ending && end.mutate(ending.id, { onSuccess: () => { say("Transfer ended"); setEnding(null); } })}
      >
        {ending && <Text><Subject transfer={ending} /> to {viewerWord(ending.viewer, names)}{ending.client ? ` at ${ending.client}` : ""}</Text>}
        <Text className="dim" mt={12}>The connection is closed at once. A player whose link is still good may ask again: to stop it for good, revoke the link.</Text>
      </ConfirmDialog>
    </>
  );
}

function Row({ transfer, viewer, onEnd }: { transfer: Transfer; viewer: string; onEnd?: () => void }) {
  const { acked_bytes: acked, expected_bytes: expected } = transfer;
  return (
    <Table.Tr data-transfer={transfer.id}>
      <Table.Td className={styles.what}><Subject transfer={transfer} linked /><div className="dim small">{transfer.kind}, {transfer.status}</div></Table.Td>
      <Table.Td className={styles.wide}><span title={transfer.viewer}>{viewer}</span></Table.Td>
      <Table.Td className={styles.wide}>{transfer.client ?? "–"}<div className="dim small" title={transfer.user_agent ?? undefined}>{agentWord(transfer.user_agent)}</div></Table.Td>
      <Table.Td>
        <span className={styles.bytes}>{bytes(acked)} / {bytes(expected)}</span>
        <Progress size={3} mt={4} value={expected > 0 ? (100 * acked) / expected : 100} color={transfer.outcome === "failed" || transfer.outcome === "stalled" ? "red" : undefined} aria-label="Acknowledged by the client" />
      </Table.Td>
      <Table.Td className={styles.wide}>{bytes(Math.round(transfer.rate_bytes_per_s))}/s</Table.Td>
      <Table.Td><StateBadge state={transfer.outcome ?? "active"} plain /></Table.Td>
      <Table.Td className={styles.wide}>{transfer.ended_at ? <RelativeTime time={transfer.ended_at} /> : <Since time={transfer.began_at} />}</Table.Td>
      {onEnd && <Table.Td className={styles.last}><Button size="xs" variant="default" onClick={onEnd}>End</Button></Table.Td>}
    </Table.Tr>
  );
}

/** What is sent: the video's title, or its id while that is not known (any more). */
function Subject({ transfer, linked = false }: { transfer: Transfer; linked?: boolean }) {
  const isProject = transfer.video_id.startsWith("prj_");
  const { data: video } = useQuery({ ...videoQuery(transfer.video_id), enabled: !isProject, staleTime: 300_000, refetchInterval: false, retry: false });
  const name = video?.title ?? <span className="mono">{transfer.video_id}</span>;
  if (!linked) return <strong style={{ fontWeight: 600 }}>{name}</strong>;
  if (isProject) return <Link className="link" to="/projects/$projectId" params={{ projectId: transfer.video_id }}>{name}</Link>;
  return <Link className="link" to="/videos/$videoId" params={{ videoId: transfer.video_id }}>{name}</Link>;
}

function Since({ time }: { time: string }) {
  const now = useNow(1_000);
  return <Tooltip label={exactTime(time)}><time dateTime={time}>{span(Math.max(0, now - new Date(time).getTime()) / 1000)}</time></Tooltip>;
}

function viewerWord(viewer: string, names: ReadonlyMap<string, string>): string {
  if (viewer === "link") return "Signed link";
  if (viewer.startsWith("usr_")) return names.get(viewer) ?? "A user";
  if (viewer.startsWith("key_")) return `API key ${viewer.slice(-6)}`;
  if (viewer.startsWith("shr_")) return `Share link ${viewer.slice(-6)}`;
  return viewer;
}
