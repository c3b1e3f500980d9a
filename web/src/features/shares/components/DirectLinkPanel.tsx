import { Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { CopyButton } from "@/components/CopyButton";
import { ErrorNote } from "@/components/ErrorNote";
import { CheckIcon, LinkIcon } from "@/components/icons";
import type { Playback, Video } from "@/gen";
import { copyText } from "@/lib/clipboard";
import { shortTime } from "@/lib/format";
import { createPlayback } from "@/player/create-playback";
import { EndDirectLinks } from "./EndDirectLinks";
import { ReachNote } from "./ReachNote";

const EXPIRIES = [
  { label: "1 h", value: "3600" },
  { label: "4 h", value: "14400" },
  { label: "24 h", value: "86400" },
  { label: "7 d", value: "604800" },
];

/** Signed URLs of the file, for players and scripts, with an expiry. */
export function DirectLinkPanel({ video }: { video: Video }) {
  const [ttl, setTtl] = useState("86400");
  const [made, setMade] = useState<(Playback & { download: boolean; copied: boolean }) | null>(null);
  const make = useMutation({
    mutationFn: async (download: boolean) => {
      const playback = await createPlayback(video.id, { ttl_s: Number(ttl), download });
      return { ...playback, download, copied: await copyText(playback.url) };
    },
    onSuccess: setMade,
  });
  return (
    <Stack gap={16}>
      <Text className="dim">The URL of the file itself, for players and scripts. Views are not counted.</Text>
      <Group gap={12}>
        <Text id="link-expiry">Expires in</Text>
        <SegmentedControl aria-labelledby="link-expiry" data={EXPIRIES} value={ttl} onChange={setTtl} />
      </Group>
      <Group gap={8}>
        <Button
          leftSection={<LinkIcon size={16} />}
          loading={make.isPending && make.variables === false}
          onClick={() => make.mutate(false)}
        >
          Copy link
        </Button>
        <Button variant="default" loading={make.isPending && make.variables === true} onClick={() => make.mutate(true)}>
          Copy download link
        </Button>
      </Group>
      <ReachNote />
      {make.error && <ErrorNote error={make.error} compact />}
      {made && (
        <div aria-live="polite">
          <TextInput
            readOnly
            aria-label={made.download ? "Download link" : "Link"}
            value={made.url}
            onFocus={(event) => event.currentTarget.select()}
            rightSection={<CopyButton value={made.url} label="Copy again" />}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
          />
          <Group gap={6} mt={6} className="dim small">
            {made.copied && (
              <>
                <CheckIcon size={14} /> Copied.
              </>
            )}{" "}
            {made.download ? "Downloads" : "Works"} until {shortTime(made.expires_at)}, for anyone who has it.
          </Group>
        </div>
      )}
      <EndDirectLinks video={video} />
    </Stack>
  );
}
