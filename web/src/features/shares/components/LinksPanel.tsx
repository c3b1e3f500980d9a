import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorNote } from "@/components/ErrorNote";
import { PlusIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import { say } from "@/components/toast";
import type { Share, Video } from "@/gen";
import { copyText } from "@/lib/clipboard";
import { linkAt } from "@/player/start-time";
import { useCreateShare } from "../api/create-share";
import { sharesQuery } from "../api/list-shares";
import { useRevokeAllLinks } from "../api/revoke-playback";
import { useRevokeShare } from "../api/revoke-share";
import { isGood } from "../good";
import { ReachNote } from "./ReachNote";
import { ShareForm } from "./ShareForm";
import { ShareRow } from "./ShareRow";
import { type Start, StartAt } from "./StartAt";
import styles from "./share-dialog.module.css";

const ENDED_SHOWN = 5;

export function LinksPanel({ video, ...start }: { video: Video } & Start) {
  const { data, error, isPending, refetch } = useQuery(sharesQuery(video.id));
  const create = useCreateShare(video.id);
  const revoke = useRevokeShare(video.id);
  const revokeAll = useRevokeAllLinks(video.id);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Share | "all" | null>(null);
  const good = data?.items.filter((share) => isGood(share)) ?? [];
  const ended = data?.items.filter((share) => !isGood(share)) ?? [];
  const made = async ({ url }: Share) => {
    setMaking(false);
    say(url && (await copyText(linkAt(url, start.startAt))) ? "Link created and copied" : "Link created");
  };
  const done = (text: string) => () => {
    say(text);
    setRevoking(null);
  };
  const act = revoking === "all" ? revokeAll : revoke;
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  const formShown = making || (data !== undefined && good.length === 0);
  return (
    <Stack gap={16}>
      <Text className="dim">Anyone with a link can watch this video without an account until the link expires.</Text>
      {isPending && <Skeleton h={96} />}
      {formShown ? (
        <ShareForm
          action="Create link"
          busy={create.isPending}
          error={create.error}
          onSubmit={(wanted) => create.mutate(wanted, { onSuccess: (share) => void made(share) })}
        >
          {good.length > 0 && (
            <Button
              variant="default"
              onClick={() => {
                setMaking(false);
                create.reset();
              }}
            >
              Cancel
            </Button>
          )}
        </ShareForm>
      ) : (
        data && (
          <Button
            variant="default"
            leftSection={<PlusIcon size={16} />}
            onClick={() => setMaking(true)}
            style={{ alignSelf: "flex-start" }}
          >
            New link
          </Button>
        )
      )}
      {good.length > 0 && (
        <>
          <ul className={styles.list} aria-label="Links">
            {good.map((share) => (
              <ShareRow key={share.id} share={share} startAt={start.startAt} onRevoke={() => setRevoking(share)} />
            ))}
          </ul>
          <StartAt {...start} />
        </>
      )}
      {data && <ReachNote />}
      {ended.length > 0 && (
        <ul className={styles.list} aria-label="Expired links">
          {ended.slice(0, ENDED_SHOWN).map((share) => (
            <ShareRow key={share.id} share={share} startAt={0} />
          ))}
          {ended.length > ENDED_SHOWN && (
            <li className="dim small">And {ended.length - ENDED_SHOWN} more that ended.</li>
          )}
        </ul>
      )}
      {good.length > 0 && (
        <Group justify="flex-end">
          <Button variant="subtle" color="gray" c="var(--state-red)" onClick={() => setRevoking("all")}>
            Revoke all links
          </Button>
        </Group>
      )}
      <ConfirmDialog
        opened={revoking !== null}
        title={revoking === "all" ? "Revoke all links?" : "Revoke this link?"}
        action={revoking === "all" ? "Revoke all" : "Revoke"}
        busy={act.isPending}
        error={act.error}
        onClose={() => {
          setRevoking(null);
          act.reset();
        }}
        onConfirm={() =>
          revoking === "all"
            ? revokeAll.mutate(true, { onSuccess: done("All links revoked") })
            : revoking && revoke.mutate(revoking.id, { onSuccess: done("Link revoked") })
        }
      >
        <Text style={{ overflowWrap: "anywhere" }}>
          {revoking === "all"
            ? `Every share link and direct link to ${video.title} stops working, including embedded players.`
            : "Anyone who has it can no longer watch, and pages that embed it stop playing."}
        </Text>
        <Text className="dim" mt={12}>
          {revoking === "all"
            ? "Signed-in viewers are not affected. This cannot be undone."
            : "This cannot be undone, but you can create a new link."}
        </Text>
      </ConfirmDialog>
    </Stack>
  );
}
