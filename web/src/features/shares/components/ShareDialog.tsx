import { Modal, Tabs } from "@mantine/core";
import { useState } from "react";
import type { Video } from "@/gen";
import { DirectLinkPanel } from "./DirectLinkPanel";
import { EmbedPanel } from "./EmbedPanel";
import { LinksPanel } from "./LinksPanel";
import styles from "./share-dialog.module.css";

type Props = {
  video: Video;
  opened: boolean;
  onClose: () => void;
  /** The player's time in seconds, a possible start of links. */
  now: number;
};

/** All ways to share a video with people without an account, and to revoke them. */
export function ShareDialog({ video, opened, onClose, now }: Props) {
  const [atNow, setAtNow] = useState(false);
  const start = { now, startAt: atNow ? now : 0, onAtNow: setAtNow };
  return (
    <Modal opened={opened} onClose={onClose} title="Share" size={680}>
      <Tabs defaultValue="links" className={styles.tabs}>
        <Tabs.List>
          <Tabs.Tab value="links">Links</Tabs.Tab>
          <Tabs.Tab value="embed">Embed</Tabs.Tab>
          <Tabs.Tab value="direct">Direct link</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="links" pt={16}>
          <LinksPanel video={video} {...start} />
        </Tabs.Panel>
        <Tabs.Panel value="embed" pt={16}>
          <EmbedPanel video={video} {...start} />
        </Tabs.Panel>
        <Tabs.Panel value="direct" pt={16}>
          <DirectLinkPanel video={video} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}
