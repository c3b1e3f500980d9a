import { Button, Checkbox, Modal, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { CopyButton } from "@/components/CopyButton";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { PlusIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { say } from "@/components/toast";
import { meQuery } from "@/features/session/api/get-me";
import type { CreatedKey, Key } from "@/gen";
import { useCreateKey } from "../api/create-key";
import { keysQuery } from "../api/list-keys";
import { useRevokeKey } from "../api/revoke-key";
import styles from "./people.module.css";

const DAY_S = 86_400;
const EXPIRIES = [
  { value: "0", label: "Never" },
  { value: String(30 * DAY_S), label: "In 30 days" },
  { value: String(90 * DAY_S), label: "In 90 days" },
  { value: String(365 * DAY_S), label: "In a year" },
];

const SCOPES: Record<Key["scopes"][number], string> = {
  "videos:read": "View and play videos",
  "videos:write": "Upload, rename and delete videos",
  "projects:read": "View projects",
  "projects:write": "Create, edit and stitch projects",
  "jobs:read": "View jobs and their steps",
  "jobs:write": "Cancel and retry jobs",
  "channels:read": "View channels and recordings",
  "channels:write": "Add channels, start and stop recordings",
  "webhooks:read": "View webhooks and their deliveries",
  "webhooks:write": "Add, change and test webhooks",
  "generate:read": "View generated clips and what they cost",
  "generate:write": "Generate clips, which may cost money",
  admin: "Manage users and the system",
};

/** The person's API keys. A key is shown once, right after it is created. */
export function KeysPanel() {
  const { data, error, isPending, refetch } = useQuery(keysQuery);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const revoke = useRevokeKey();
  const keys = data?.items.filter((key) => !key.revoked_at) ?? [];
  const newButton = (
    <Button leftSection={<PlusIcon size={16} />} onClick={() => setMaking(true)}>
      New key
    </Button>
  );
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {isPending && <Skeleton h={120} />}
      {data && keys.length === 0 && (
        <EmptyState action={newButton}>
          No keys yet. A key lets a script or another program use the API in your name.
        </EmptyState>
      )}
      {keys.length > 0 && (
        <>
          <div className={styles.bar}>
            <span className="dim">
              For scripts and other programs, as <span className="mono">Authorization: Bearer &lt;key&gt;</span>
            </span>
            {newButton}
          </div>
          <Table className={styles.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Prefix</Table.Th>
                <Table.Th className={styles.wide}>Scopes</Table.Th>
                <Table.Th className={styles.wide}>Last used</Table.Th>
                <Table.Th className={styles.wide}>Expires</Table.Th>
                <Table.Th w={90}>
                  <span className="only-read">Actions</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map((key) => (
                <Table.Tr key={key.id}>
                  <Table.Td>{key.name}</Table.Td>
                  <Table.Td className="mono">{key.prefix}</Table.Td>
                  <Table.Td className={styles.wide}>{key.scopes.join(", ")}</Table.Td>
                  <Table.Td className={styles.wide}>
                    {key.last_used_at ? <RelativeTime time={key.last_used_at} /> : "never"}
                  </Table.Td>
                  <Table.Td className={styles.wide}>
                    {key.expires_at ? <RelativeTime time={key.expires_at} /> : "never"}
                  </Table.Td>
                  <Table.Td>
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`Revoke ${key.name}`}
                      onClick={() => setRevoking(key)}
                    >
                      Revoke
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
      <NewKeyDialog opened={making} onClose={() => setMaking(false)} />
      <ConfirmDialog
        opened={revoking !== null}
        title="Revoke this key?"
        action="Revoke"
        busy={revoke.isPending}
        error={revoke.error}
        onClose={() => {
          setRevoking(null);
          revoke.reset();
        }}
        onConfirm={() =>
          revoking &&
          revoke.mutate(revoking.id, {
            onSuccess: () => {
              say(`Revoked ${revoking.name}`);
              setRevoking(null);
            },
          })
        }
      >
        <Text style={{ overflowWrap: "anywhere" }}>
          {revoking?.name} <span className="mono dim">{revoking?.prefix}</span>
        </Text>
        <Text className="dim" mt={12}>
          Anything that uses it will be refused. This cannot be undone.
        </Text>
      </ConfirmDialog>
    </>
  );
}

function NewKeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<CreatedKey | null>(null);
  const close = () => {
    setMade(null);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={made ? "Copy key now" : "New key"}
      size={500}
      closeOnClickOutside={made === null}
    >
      {made ? (
        <Stack gap={14}>
          <Text className="dim">It won't be shown again; the server keeps only a hash.</Text>
          <div className={styles.secret}>
            <span className="mono grow" data-testid="new-key">
              {made.key}
            </span>
            <CopyButton value={made.key} label="Copy key" />
          </div>
          <Button onClick={close} style={{ alignSelf: "flex-end" }}>
            Done
          </Button>
        </Stack>
      ) : (
        <NewKeyForm onMade={setMade} />
      )}
    </Modal>
  );
}

function NewKeyForm({ onMade }: { onMade: (key: CreatedKey) => void }) {
  const { data: me } = useQuery(meQuery);
  const create = useCreateKey();
  const [name, setName] = useState("");
  const [expiry, setExpiry] = useState("0");
  const [scopes, setScopes] = useState<Key["scopes"] | null>(null);
  const all = me?.scopes ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      {
        name: name.trim(),
        scopes: scopes ?? all.filter((scope) => scope !== "admin"),
        expires_in_s: Number(expiry) || undefined,
      },
      { onSuccess: onMade },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={14}>
        <TextInput
          label="Name"
          placeholder="Where it is used"
          required
          withAsterisk={false}
          maxLength={100}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label="Scopes"
          value={scopes ?? all.filter((scope) => scope !== "admin")}
          onChange={(chosen) => setScopes(chosen as Key["scopes"])}
        >
          <Stack gap={6} mt={6}>
            {all.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} description={SCOPES[scope]} size="xs" />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select label="Expires" data={EXPIRIES} value={expiry} onChange={(value) => setExpiry(value ?? "0")} />
        {create.error && <ErrorNote error={create.error} compact />}
        <Button
          type="submit"
          loading={create.isPending}
          disabled={scopes?.length === 0}
          style={{ alignSelf: "flex-end" }}
        >
          Create key
        </Button>
      </Stack>
    </form>
  );
}
