import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CheckCircleIcon, EditIcon, MoreIcon, TrashIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import type { Channel } from "@/gen";
import { shortTime } from "@/lib/format";
import { channelState } from "../words";
import styles from "./live.module.css";
import { NowRecording } from "./NowRecording";
import { RecordButton } from "./RecordButton";

type Props = { channel: Channel; onOpen: (dialog: "edit" | "test" | "remove") => void };

/** A channel in the list: its state, what is live and recorded, the last check, record or stop. */
export function ChannelRow({ channel, onOpen }: Props) {
  return (
    <li className={styles.row}>
      <div className={styles.state}>
        <StateBadge state={channelState(channel)} />
      </div>
      <div className={styles.who}>
        <Link to="/live/channels/$channelId" params={{ channelId: channel.id }} className={styles.name}>
          {channel.name}
        </Link>
        <span className="dim tiny clip-text" title={channel.url}>
          {channel.url}
        </span>
      </div>
      <div className={styles.now}>
        <What channel={channel} />
      </div>
      <span className={`${styles.checked} dim tiny`}>
        {channel.checked_at && (
          <>
            Checked <RelativeTime time={channel.checked_at} />
          </>
        )}
      </span>
      <div className={styles.act}>
        <RecordButton channel={channel} />
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`More actions for ${channel.name}`}>
              <MoreIcon size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<CheckCircleIcon size={16} />} onClick={() => onOpen("test")}>
              Test channel
            </Menu.Item>
            <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => onOpen("edit")}>
              Edit
            </Menu.Item>
            <Menu.Item color="var(--state-red)" leftSection={<TrashIcon size={16} />} onClick={() => onOpen("remove")}>
              Remove
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </li>
  );
}

/** What is going on: recordings, the live broadcast, an error, or when the schedule opens. */
function What({ channel }: { channel: Channel }) {
  if (channel.recordings.length > 0)
    return (
      <>
        {channel.recordings.map((recording) => (
          <NowRecording key={recording.id} recording={recording} />
        ))}
      </>
    );
  if (channel.error && channel.enabled) return <span className={styles.fault}>{channel.error.message}</span>;
  if (channel.broadcast)
    return (
      <>
        <span className="clip-text">{channel.broadcast.title ?? "Live"}</span>
        <span className="dim tiny clip-text">{channel.broadcast.category}</span>
      </>
    );
  if (!channel.auto_record) return <span className="dim tiny">Recorded by hand</span>;
  if (channel.opens_at) return <span className="dim tiny">Schedule opens {shortTime(channel.opens_at)}</span>;
  return null;
}
