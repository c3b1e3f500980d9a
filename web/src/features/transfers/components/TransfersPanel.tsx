import { Button, Checkbox, Group, SegmentedControl, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import { say } from "@/components/toast";
import type { Viewing, ViewingPage } from "@/gen";
import { bytes, count } from "@/lib/format";
import { useEndViewing } from "../api/end-transfer";
import { viewingsQuery } from "../api/list-viewings";
import { viewerWord } from "../viewer";
import { Subject } from "./Subject";
import styles from "./TransfersPanel.module.css";
import { ViewingRow } from "./ViewingRow";

const STATES = [
  { value: "active", label: "Active" },
  { value: "ended", label: "Ended" },
];

type Props = {
  state: Viewing["state"];
  onState: (state: Viewing["state"]) => void;
  /** Names of users by their ids. */
  names: ReadonlyMap<string, string>;
};

/** Active and ended transfers: one row per viewer of a video, with rate and outcome. */
export function TransfersPanel({ state, onState, names }: Props) {
  const [images, setImages] = useState(false);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    viewingsQuery(state, images),
  );
  const [ending, setEnding] = useState<Viewing | null>(null);
  const end = useEndViewing();
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const active = state === "active";
  return (
    <>
      <Group gap={16} mb={12}>
        <SegmentedControl
          size="xs"
          aria-label="Show transfers"
          data={STATES}
          value={state}
          onChange={(value) => onState(value as Viewing["state"])}
        />
        <Checkbox
          size="xs"
          className={styles.images}
          label="Include images"
          checked={images}
          onChange={(event) => setImages(event.currentTarget.checked)}
        />
        {data?.pages[0] && (
          <span className="dim small">
            {active ? nowWords(items, hasNextPage) : endedWords(items, hasNextPage, data.pages[0])}
          </span>
        )}
      </Group>
      {isPending && !error && <Skeleton h={160} />}
      {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data && items.length === 0 && (
        <EmptyState>
          {active
            ? "No active transfers. Files appear here while viewers load them."
            : "No transfers have ended since the server started."}
        </EmptyState>
      )}
      {items.length > 0 && (
        <Table className={styles.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Video</Table.Th>
              <Table.Th className={styles.wide}>Viewer</Table.Th>
              <Table.Th className={styles.wide}>Client</Table.Th>
              <Table.Th>Sent</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th className={styles.wide}>{active ? "Started" : "Ended"}</Table.Th>
              {active && (
                <Table.Th className={styles.last}>
                  <span className="only-read">Actions</span>
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <ViewingRow
                key={item.id}
                viewing={item}
                viewer={viewerWord(item.viewer, names)}
                onEnd={active ? () => setEnding(item) : undefined}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {hasNextPage && (
        <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
      <ConfirmDialog
        opened={ending !== null}
        title="End this transfer?"
        action="End"
        busy={end.isPending}
        error={end.error}
        onClose={() => {
          setEnding(null);
          end.reset();
        }}
        onConfirm={() =>
          ending &&
          end.mutate(ending, {
            onSuccess: () => {
              say("Transfer ended");
              setEnding(null);
            },
          })
        }
      >
        {ending && (
          <Text style={{ overflowWrap: "anywhere" }}>
            <Subject id={ending.video_id} /> to {viewerWord(ending.viewer, names)}
            {ending.client ? ` at ${ending.client}` : ""}
          </Text>
        )}
        <Text className="dim" mt={12}>
          The connection is closed immediately. A player with a valid link may reconnect; to prevent that, revoke the
          link.
        </Text>
      </ConfirmDialog>
    </>
  );
}

const shown = (items: readonly Viewing[], more: boolean): string =>
  `${more ? "The latest " : ""}${count(items.length, "viewing")}`;

function nowWords(items: readonly Viewing[], more: boolean): string {
  const rate = items.reduce((sum, item) => sum + item.rate_bytes_per_s, 0);
  return `${shown(items, more)}${items.length > 0 ? `, ${bytes(Math.round(rate))}/s` : ""}`;
}

/** "12 viewings, from the latest 1,000 of 1,431 transfers"; older ones are not kept. */
function endedWords(items: readonly Viewing[], more: boolean, { kept, ended }: ViewingPage): string {
  const from =
    ended !== null && ended > kept
      ? `the latest ${kept.toLocaleString("en")} of ${count(ended, "transfer")}`
      : count(kept, "transfer");
  return `${shown(items, more)}, from ${from}`;
}
