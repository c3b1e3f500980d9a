import { ActionIcon, Button, Menu, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { BackIcon, CheckCircleIcon, EditIcon, MoreIcon, TrashIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { ChannelPolicy } from "@/features/retention/components/ChannelPolicy";
import type { Channel } from "@/gen";
import { shortTime } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { channelQuery } from "../api/get-channel";
import { channelState, platformWord, windowWords } from "../words";
import { BroadcastList } from "./BroadcastList";
import { ChannelDialog } from "./ChannelDialog";
import styles from "./live.module.css";
import { NowRecording } from "./NowRecording";
import { RecordButton } from "./RecordButton";
import { RecordingList } from "./RecordingList";
import { RemoveChannelDialog } from "./RemoveChannelDialog";
import { TestDialog } from "./TestDialog";

/** A channel: what is live, its history, its recordings and its settings. */
export function ChannelPage() {
  const { channelId } = useParams({ from: "/inside/live/channels/$channelId" });
  const { data: channel, error, refetch } = useQuery(channelQuery(channelId));
  const [dialog, setDialog] = useState<"edit" | "test" | "remove" | null>(null);
  const navigate = useNavigate();
  useTitle(channel?.name);
  const close = () => setDialog(null);
  const back = (
    <ActionIcon component={Link} to="/live" aria-label="Back to channels">
      <BackIcon />
    </ActionIcon>
  );
  if (!channel)
    return (
      <>
        <PageHeader title="Channel" lead={back} />
        <div className={styles.page}>
          {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Skeleton h={160} />}
        </div>
      </>
    );
  return (
    <>
      <PageHeader title={channel.name} lead={back}>
        <Button variant="default" onClick={() => setDialog("test")} leftSection={<CheckCircleIcon size={16} />}>
          Test channel
        </Button>
        <RecordButton channel={channel} />
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={36} aria-label="More actions">
              <MoreIcon size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => setDialog("edit")}>
              Edit
            </Menu.Item>
            <Menu.Item
              color="var(--state-red)"
              leftSection={<TrashIcon size={16} />}
              onClick={() => setDialog("remove")}
            >
              Remove
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHeader>
      <div className={styles.page}>
        <Now channel={channel} />
        <Tabs defaultValue="history">
          <Tabs.List>
            <Tabs.Tab value="history">History</Tabs.Tab>
            <Tabs.Tab value="recordings">Recordings</Tabs.Tab>
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="history" pt={16}>
            <BroadcastList channelId={channel.id} />
          </Tabs.Panel>
          <Tabs.Panel value="recordings" pt={16}>
            <RecordingList heading="Recordings" filters={{ channel_id: channel.id }} />
          </Tabs.Panel>
          <Tabs.Panel value="settings" pt={16}>
            <SettingsPart channel={channel} onEdit={() => setDialog("edit")} />
            <ChannelPolicy channelId={channel.id} />
          </Tabs.Panel>
        </Tabs>
      </div>
      <ChannelDialog opened={dialog === "edit"} channel={channel} onClose={close} />
      <TestDialog channel={dialog === "test" ? channel : null} onClose={close} />
      <RemoveChannelDialog
        channel={dialog === "remove" ? channel : null}
        onClose={close}
        onRemoved={() => void navigate({ to: "/live" })}
      />
    </>
  );
}

function Now({ channel }: { channel: Channel }) {
  return (
    <div className={styles.head}>
      <span className={styles.line}>
        <StateBadge state={channelState(channel)} />
        <span className="dim small clip-text" title={channel.url}>
          {channel.url}
        </span>
        {channel.checked_at && (
          <span className="dim tiny">
            Checked <RelativeTime time={channel.checked_at} />
          </span>
        )}
      </span>
      {channel.error && <span className={styles.fault}>{channel.error.message}</span>}
      {channel.broadcast?.title && (
        <span>
          {channel.broadcast.title} <span className="dim">{channel.broadcast.category}</span>
        </span>
      )}
      {channel.recordings.map((recording) => (
        <NowRecording key={recording.id} recording={recording} />
      ))}
    </div>
  );
}

function SettingsPart({ channel, onEdit }: { channel: Channel; onEdit: () => void }) {
  const words = (part: "title" | "category") => {
    const { include = [], exclude = [] } = channel.filters[part] ?? {};
    const rules = [
      include.length > 0 && `with ${include.join(", ")}`,
      exclude.length > 0 && `without ${exclude.join(", ")}`,
    ];
    return rules.filter(Boolean).join("; ");
  };
  const facts: [string, string][] = [
    ["Kind", platformWord(channel.platform)],
    ["Auto-record", channel.auto_record ? "When it goes live" : "Off: by hand"],
    ["Quality", channel.qualities.join(" and ")],
    ["Capture", channel.captures === 2 ? "Twice at a time" : "Once"],
    ["Schedule", channel.schedule.map(windowWords).join("; ") || "At any time"],
    ["Time zone", channel.time_zone],
    ["Next opening", channel.opens_at ? shortTime(channel.opens_at) : ""],
    ["Title", words("title")],
    ["Category", words("category")],
    ["Name of recordings", channel.name_template ?? "Plain"],
  ];
  return (
    <>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Button mt={16} variant="default" leftSection={<EditIcon size={16} />} onClick={onEdit}>
        Edit
      </Button>
    </>
  );
}
