import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EditIcon, TrashIcon } from "@/components/icons";
import { showProblem } from "@/components/toast";
import type { RetentionPolicy } from "@/gen";
import { policiesQuery } from "../api/list-policies";
import { useDeletePolicy } from "../api/save-policy";
import { limitsOf } from "../words";
import { PolicyDialog } from "./PolicyDialog";
import styles from "./retention.module.css";

/** How long recordings of a channel stay: its own policy, or the one for all recordings. */
export function ChannelPolicy({ channelId }: { channelId: string }) {
  const { data } = useQuery(policiesQuery);
  const remove = useDeletePolicy();
  const [editing, setEditing] = useState<RetentionPolicy | "new" | null>(null);
  if (!data) return null;
  const own = data.items.find(({ channel_id }) => channel_id === channelId);
  return (
    <section className={styles.channel} aria-labelledby="retention">
      <h2 id="retention">Retention</h2>
      <p>
        {own
          ? `${limitsOf(own)}${own.enabled ? "" : " (off)"}`
          : "No policy of its own: recordings stay as long as the policies of the system say."}
      </p>
      <Group gap={8}>
        <Button variant="default" leftSection={<EditIcon size={16} />} onClick={() => setEditing(own ?? "new")}>
          {own ? "Edit policy" : "Add policy"}
        </Button>
        {own && (
          <Button
            variant="default"
            leftSection={<TrashIcon size={16} />}
            loading={remove.isPending}
            onClick={() => remove.mutate(own.id, { onError: showProblem("Couldn't delete the policy") })}
          >
            Delete policy
          </Button>
        )}
      </Group>
      <PolicyDialog policy={editing} known={data.items} channelId={channelId} onClose={() => setEditing(null)} />
    </section>
  );
}
