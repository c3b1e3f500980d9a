import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { useState } from "react";
import { CopyButton } from "@/components/CopyButton";
import { EditIcon, MoreIcon, StopIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import type { Share } from "@/gen";
import { count, shortTime } from "@/lib/format";
import { linkAt } from "@/player/start-time";
import { useChangeShare } from "../api/change-share";
import { ShareForm } from "./ShareForm";
import styles from "./share-dialog.module.css";

type Props = {
  share: Share;
  startAt: number;
  /** Omitted for expired links. */
  onRevoke?: () => void;
};

export function ShareRow({ share, startAt, onRevoke }: Props) {
  const [changing, setChanging] = useState(false);
  const change = useChangeShare(share.video_id);
  const stop = () => {
    setChanging(false);
    change.reset();
  };
  return (
    <li className={styles.row} data-share={share.id} data-ended={onRevoke ? undefined : true}>
      <div className={styles.line}>
        <div className="grow">
          <div className={`mono ${styles.url}`}>
            {share.url?.replace(/^https?:\/\//, "") ?? "This link can no longer be shown"}
          </div>
          <div className={styles.facts}>
            <span>{count(share.views, "view")}</span>
            <span>{end(share)}</span>
            {share.has_password && <span>Password-protected</span>}
            {share.allow_download && <span>Downloads allowed</span>}
            {share.comments !== "off" && (
              <span>{share.comments === "write" ? "Visitors can comment" : "Comments shown"}</span>
            )}
            <span>
              Created <RelativeTime time={share.created_at} />
            </span>
          </div>
        </div>
        {onRevoke && share.url && <CopyButton value={linkAt(share.url, startAt)} label="Copy the link" size="md" />}
        {onRevoke && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Tooltip label="Edit or revoke">
                <ActionIcon size={28} aria-label="Edit or revoke">
                  <MoreIcon />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => setChanging(true)}>
                Edit
              </Menu.Item>
              <Menu.Item color="var(--state-red)" leftSection={<StopIcon size={16} />} onClick={onRevoke}>
                Revoke
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {changing && (
        <ShareForm
          share={share}
          action="Save"
          busy={change.isPending}
          error={change.error}
          onSubmit={(changes) => change.mutate({ share, changes }, { onSuccess: stop })}
        >
          <Button variant="default" onClick={stop}>
            Cancel
          </Button>
        </ShareForm>
      )}
    </li>
  );
}

function end(share: Share): string {
  if (share.revoked_at) return `Revoked ${shortTime(share.revoked_at)}`;
  if (!share.expires_at) return "Never expires";
  return `${new Date(share.expires_at).getTime() > Date.now() ? "Expires" : "Expired"} ${shortTime(share.expires_at)}`;
}
