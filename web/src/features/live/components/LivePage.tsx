import { ActionIcon, Button, Menu } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { LiveDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { LinkIcon, MoreIcon, PlusIcon, UploadIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { SearchField } from "@/components/SearchField";
import { Skeleton } from "@/components/Skeleton";
import type { Channel } from "@/gen";
import { useTitle } from "@/lib/hooks";
import { channelsQuery } from "../api/list-channels";
import { ChannelDialog } from "./ChannelDialog";
import { ChannelRow } from "./ChannelRow";
import { Doctor } from "./Doctor";
import { ImportDialog } from "./ImportDialog";
import styles from "./live.module.css";
import { RecordingList } from "./RecordingList";
import { RecordUrlDialog } from "./RecordUrlDialog";
import { RemoveChannelDialog } from "./RemoveChannelDialog";
import { TestDialog } from "./TestDialog";

type Dialog = { name: "add" | "import" | "url" } | { name: "edit" | "test" | "remove"; channel: Channel } | null;

/** The channels, live ones first, and everything that was recorded. */
export function LivePage() {
  useTitle("Live");
  const { search } = useSearch({ from: "/inside/live" });
  const navigate = useNavigate({ from: "/live" });
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    channelsQuery(search),
  );
  const [dialog, setDialog] = useState<Dialog>(null);
  const channels = data?.pages.flatMap((page) => page.items) ?? [];
  const find = (value: string) => void navigate({ search: { search: value || undefined }, replace: true });
  const close = () => setDialog(null);
  const of = (name: "edit" | "test" | "remove") => (dialog?.name === name ? dialog.channel : null);
  const addButton = (
    <Button leftSection={<PlusIcon size={16} />} onClick={() => setDialog({ name: "add" })}>
      Add channel
    </Button>
  );
  return (
    <>
      <PageHeader title="Live">
        <SearchField value={search ?? ""} label="Search channels" onSearch={find} />
        {addButton}
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={36} aria-label="More actions">
              <MoreIcon size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<LinkIcon size={16} />} onClick={() => setDialog({ name: "url" })}>
              Record a URL once
            </Menu.Item>
            <Menu.Item leftSection={<UploadIcon size={16} />} onClick={() => setDialog({ name: "import" })}>
              Import a list
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHeader>
      <div className={styles.page}>
        {isPending && !error && [1, 2, 3].map((n) => <Skeleton key={n} h={64} style={{ marginBottom: 8 }} />)}
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {data && channels.length === 0 && (
          <EmptyState
            drawing={<LiveDrawing />}
            action={
              search ? (
                <Button variant="default" onClick={() => find("")}>
                  Show all channels
                </Button>
              ) : (
                addButton
              )
            }
          >
            {search
              ? `No channels match “${search}”.`
              : "Add a channel, and Playhead records it when it goes live: Twitch, YouTube and others, or a stream by its URL."}
          </EmptyState>
        )}
        {channels.length > 0 && (
          <ul className={styles.channels} aria-label="Channels">
            {channels.map((channel) => (
              <ChannelRow key={channel.id} channel={channel} onOpen={(name) => setDialog({ name, channel })} />
            ))}
          </ul>
        )}
        {hasNextPage && (
          <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
        {!search && <RecordingList heading="Recordings" />}
        {!search && <Doctor />}
      </div>
      <ChannelDialog opened={dialog?.name === "add"} onClose={close} />
      <ChannelDialog
        key={of("edit")?.id}
        opened={dialog?.name === "edit"}
        channel={of("edit") ?? undefined}
        onClose={close}
      />
      <ImportDialog opened={dialog?.name === "import"} onClose={close} />
      <RecordUrlDialog opened={dialog?.name === "url"} onClose={close} />
      <TestDialog channel={of("test")} onClose={close} />
      <RemoveChannelDialog channel={of("remove")} onClose={close} />
    </>
  );
}
