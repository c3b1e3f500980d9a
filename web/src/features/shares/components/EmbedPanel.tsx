import { Button, Group, SegmentedControl, Select, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { CheckIcon, CopyIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import type { Share, Video } from "@/gen";
import { copyText } from "@/lib/clipboard";
import { count, shortTime } from "@/lib/format";
import { linkAt } from "@/player/start-time";
import { useCreateShare } from "../api/create-share";
import { sharesQuery } from "../api/list-shares";
import { isGood } from "../good";
import { EmbedSites } from "./EmbedSites";
import { ReachNote } from "./ReachNote";
import { type Start, StartAt } from "./StartAt";

const WIDTH = 640;

/** The HTML that embeds the player in another site. */
export function EmbedPanel({ video, ...start }: { video: Video } & Start) {
  const { data, error, refetch } = useQuery(sharesQuery(video.id));
  const create = useCreateShare(video.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const [size, setSize] = useState("fluid");
  const [copied, setCopied] = useState<string | null>(null);
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={160} />;
  const good = data.items.filter((share) => isGood(share) && share.embed_url);
  const share = good.find(({ id }) => id === chosen) ?? good[0];
  if (!share?.embed_url) {
    return (
      <Stack gap={12} align="flex-start">
        <Text className="dim">
          An embedded player needs a share link and stops working when the link is revoked. This link never expires.
        </Text>
        {create.error && <ErrorNote error={create.error} compact />}
        <Button loading={create.isPending} onClick={() => create.mutate({ expires_at: null })}>
          Create a link
        </Button>
        <EmbedSites />
      </Stack>
    );
  }
  const html = snippet(linkAt(share.embed_url, start.startAt), video, size === "fluid");
  return (
    <Stack gap={14}>
      {good.length > 1 && (
        <Select
          label="By the link"
          data={good.map((each) => ({ value: each.id, label: nameOf(each) }))}
          value={share.id}
          onChange={setChosen}
          comboboxProps={{ withinPortal: false }}
        />
      )}
      <Group gap={20}>
        <SegmentedControl
          aria-label="Size"
          size="xs"
          data={[
            { value: "fluid", label: "Responsive" },
            { value: "fixed", label: `${WIDTH} px` },
          ]}
          value={size}
          onChange={setSize}
        />
        <StartAt {...start} />
      </Group>
      <Textarea
        readOnly
        autosize
        minRows={3}
        aria-label="HTML to embed"
        value={html}
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
      />
      <Group gap={12}>
        <Button
          leftSection={copied === html ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
          onClick={async () => setCopied((await copyText(html)) ? html : null)}
        >
          {copied === html ? "Copied" : "Copy HTML"}
        </Button>
        <Text className="dim small grow">
          {share.expires_at
            ? `The link expires ${shortTime(share.expires_at)}, and the player with it.`
            : "The link never expires."}
        </Text>
      </Group>
      <EmbedSites />
      <ReachNote />
    </Stack>
  );
}

const nameOf = (share: Share): string =>
  [
    share.url?.slice(-6),
    share.has_password && "with a password",
    share.expires_at && `until ${shortTime(share.expires_at)}`,
    count(share.views, "view"),
  ]
    .filter(Boolean)
    .join(", ");

function snippet(src: string, { title, width, height }: Video, fluid: boolean): string {
  const [w, h] = [width ?? 16, height ?? 9];
  const size = fluid
    ? `style="border:0;width:100%;aspect-ratio:${w}/${h}"`
    : `width="${WIDTH}" height="${Math.round((WIDTH * h) / w)}" style="border:0"`;
  return `<iframe src="${escapeHtml(src)}" title="${escapeHtml(title)}" ${size} allow="autoplay; fullscreen; picture-in-picture" allowfullscreen loading="lazy"></iframe>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (each) => ENTITIES[each] ?? each);
