import { Button, Checkbox, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { Webhook, WebhookChanges } from "@/gen";
import { eventTypesQuery } from "../api/list-event-types";
import styles from "./notifications.module.css";

type Wanted = { url?: string; description: string; event_types: WebhookChanges["event_types"] };
type Props = {
  /** The edited webhook; undefined for a new one. */
  webhook?: Webhook;
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (wanted: Wanted) => void;
};

/** URL, description and event types of a webhook. */
export function WebhookForm({ webhook, action, busy, error, onSubmit }: Props) {
  const { data: types } = useQuery(eventTypesQuery);
  const shown = webhook?.kind === "apprise" ? "" : (webhook?.url ?? ""); // a URL of Apprise is not shown again
  const [url, setUrl] = useState(shown);
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [all, setAll] = useState(webhook ? webhook.event_types === null : true);
  const [chosen, setChosen] = useState<string[]>(webhook?.event_types ?? []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const event_types = all ? null : (chosen as WebhookChanges["event_types"]);
    onSubmit({ url: url.trim() === shown ? undefined : url.trim(), description: description.trim(), event_types });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={14}>
        <TextInput
          label="URL"
          description="https://… for a signed request, or an Apprise URL such as discord://… for a message"
          placeholder={webhook?.kind === "apprise" ? "Unchanged" : "https://example.org/hooks"}
          required={!webhook || webhook.kind === "webhook"}
          withAsterisk={false}
          maxLength={2000}
          autoComplete="off"
          data-autofocus
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label="Description"
          placeholder="What it is for"
          maxLength={200}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Checkbox
          label="All events"
          checked={all}
          onChange={(event) => {
            setAll(event.currentTarget.checked);
            if (!event.currentTarget.checked && chosen.length === 0)
              setChosen(types?.items.map(({ type }) => type) ?? []);
          }}
        />
        {!all && (
          <Checkbox.Group value={chosen} onChange={setChosen} label="Events">
            <div className={styles.types}>
              {types?.items.map(({ type, meaning }) => (
                <Checkbox key={type} value={type} label={type} description={meaning} size="xs" />
              ))}
            </div>
          </Checkbox.Group>
        )}
        {error ? <ErrorNote error={error} compact /> : null}
        <Button type="submit" loading={busy} disabled={!all && chosen.length === 0} style={{ alignSelf: "flex-end" }}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
