import { Button, Progress, Table, Tooltip } from "@mantine/core";
import { useState } from "react";
import { ChevronIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import type { TransferShape, Viewing } from "@/gen";
import { bytes, count, exactTime, span } from "@/lib/format";
import { useNow } from "@/lib/hooks";
import { agentWord } from "../agent";
import { Subject } from "./Subject";
import styles from "./TransfersPanel.module.css";

type Props = {
  viewing: Viewing;
  viewer: string;
  /** Omitted for ended viewings. */
  onEnd?: () => void;
};

/** A viewer of a video; expands to the transfers of its player. */
export function ViewingRow({ viewing, viewer, onEnd }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Table.Tr data-viewing={viewing.id}>
        <Table.Td className={styles.what}>
          <div className={styles.name}>
            <Subject id={viewing.video_id} linked />
          </div>
          <div className={`dim small ${styles.narrow}`}>
            {viewer}, {agentWord(viewing.user_agent)}
          </div>
          <div>
            <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
              <ChevronIcon size={12} /> {count(viewing.pieces, "piece")}
            </button>
          </div>
        </Table.Td>
        <Table.Td className={styles.wide}>
          <span title={viewing.viewer}>{viewer}</span>
        </Table.Td>
        <Table.Td className={styles.wide}>
          {viewing.client ?? "–"}
          <div className="dim small" title={viewing.user_agent ?? undefined}>
            {agentWord(viewing.user_agent)}
          </div>
        </Table.Td>
        <Table.Td className={styles.bytes}>
          {bytes(viewing.acked_bytes)}
          {onEnd && <div className="dim small">{bytes(Math.round(viewing.rate_bytes_per_s))}/s</div>}
        </Table.Td>
        <Table.Td>
          <StateBadge state={viewing.outcome ?? "active"} plain />
        </Table.Td>
        <Table.Td className={`${styles.wide} ${styles.bytes}`}>
          {viewing.last_at ? <RelativeTime time={viewing.last_at} /> : <Since time={viewing.began_at} />}
        </Table.Td>
        {onEnd && (
          <Table.Td className={styles.last}>
            <Button size="xs" variant="default" onClick={onEnd}>
              End
            </Button>
          </Table.Td>
        )}
      </Table.Tr>
      {open && (
        <Table.Tr>
          <Table.Td colSpan={onEnd ? 7 : 6} className={styles.pieces}>
            <ul>
              {viewing.transfers.map((piece) => (
                <Piece key={piece.id} piece={piece} />
              ))}
            </ul>
            {viewing.pieces > viewing.transfers.length && (
              <p className="dim small">And {viewing.pieces - viewing.transfers.length} before these.</p>
            )}
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function Piece({ piece }: { piece: TransferShape }) {
  const { acked_bytes: acked, expected_bytes: expected, outcome } = piece;
  const failed = outcome === "failed" || outcome === "stalled";
  return (
    <li data-transfer={piece.id}>
      <span className="dim">
        {piece.kind}, {piece.status}
      </span>
      <span className={styles.bytes}>
        {bytes(acked)} / {bytes(expected)}
      </span>
      <Progress
        size={3}
        value={expected > 0 ? (100 * acked) / expected : 100}
        color={failed ? "red" : undefined}
        aria-label="Acknowledged by the client"
      />
      <StateBadge state={outcome ?? "active"} plain />
      <span className="dim">
        <RelativeTime time={piece.ended_at ?? piece.began_at} />
      </span>
    </li>
  );
}

function Since({ time }: { time: string }) {
  const now = useNow(1_000);
  return (
    <Tooltip label={exactTime(time)}>
      <time dateTime={time}>{span(Math.max(0, now - new Date(time).getTime()) / 1000)}</time>
    </Tooltip>
  );
}
