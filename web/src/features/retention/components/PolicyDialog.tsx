import { Button, Modal, NumberInput, Select, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { PolicyInput, RetentionPolicy } from "@/gen";
import { useSavePolicy } from "../api/save-policy";
import { capital } from "../words";

type Props = {
  policy: RetentionPolicy | "new" | null;
  known: readonly RetentionPolicy[];
  channelId?: string;
  onClose: () => void;
};

const DAY_S = 86_400;
const GB = 1e9;
const SCOPES = [
  { value: "", label: "All videos" },
  { value: "recording", label: "Recordings" },
  { value: "upload", label: "Uploads" },
  { value: "reel", label: "Reels" },
  { value: "generation", label: "Generated videos" },
];

/** A new policy, of a channel where one is given, or another's limits. */
export function PolicyDialog({ policy, known, channelId, onClose }: Props) {
  const title = policy && policy !== "new" ? `Policy for ${policy.applies_to}` : "Add policy";
  return (
    <Modal opened={policy !== null} onClose={onClose} title={title} size={420}>
      {policy && (
        <PolicyForm
          policy={policy === "new" ? null : policy}
          known={known}
          channelId={channelId ?? null}
          onDone={onClose}
        />
      )}
    </Modal>
  );
}

type FormProps = {
  policy: RetentionPolicy | null;
  known: readonly RetentionPolicy[];
  channelId: string | null;
  onDone: () => void;
};

function PolicyForm({ policy, known, channelId, onDone }: FormProps) {
  const taken = new Set<string>(known.filter((each) => each.channel_id === null).map((each) => each.origin ?? ""));
  const free = SCOPES.filter(({ value }) => !taken.has(value));
  const [scope, setScope] = useState(free[0]?.value ?? "");
  const [age, setAge] = useState<number | string>(policy?.max_age_s ? policy.max_age_s / DAY_S : "");
  const [size, setSize] = useState<number | string>(policy?.max_size_bytes ? policy.max_size_bytes / GB : "");
  const [number, setNumber] = useState<number | string>(policy?.max_count ?? "");
  const save = useSavePolicy();
  if (!policy && !channelId && free.length === 0)
    return <Text className="dim">There is a policy for each kind of video. A channel's is set on its page.</Text>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const limits = {
      max_age_s: age === "" ? null : Math.round(Number(age) * DAY_S),
      max_size_bytes: size === "" ? null : Math.round(Number(size) * GB),
      max_count: number === "" ? null : Number(number),
    };
    const origin = (channelId ? null : scope || null) as PolicyInput["origin"];
    const body = policy ? limits : { ...limits, origin, channel_id: channelId };
    save.mutate({ policy, body }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={14}>
        {policy ? (
          <Text>{capital(policy.applies_to)}</Text>
        ) : channelId ? (
          <Text>Recordings of this channel, before any other policy</Text>
        ) : (
          <Select
            label="For"
            data={free}
            value={scope}
            allowDeselect={false}
            onChange={(value) => setScope(value ?? "")}
          />
        )}
        <NumberInput label="Days" description="Older videos go" min={1} value={age} onChange={setAge} data-autofocus />
        <NumberInput
          label="Gigabytes"
          description="Beyond them the oldest go"
          min={1}
          value={size}
          onChange={setSize}
        />
        <NumberInput
          label="Videos"
          description="Beyond them the oldest go"
          min={1}
          allowDecimal={false}
          value={number}
          onChange={setNumber}
        />
        <Text className="dim small">
          An empty field is no limit; without any, these videos stay. Videos that are kept, shared, in a project or
          being watched never go.
        </Text>
        {save.error && <ErrorNote error={save.error} compact />}
        <Button type="submit" loading={save.isPending} style={{ alignSelf: "flex-end" }}>
          Save
        </Button>
      </Stack>
    </form>
  );
}
