import { Button, PasswordInput, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { GenerationProvider, KnownAdapter, ProviderInputWritable } from "@/gen";

type Props = {
  known: KnownAdapter[];
  taken: string[];
  provider?: GenerationProvider;
  busy: boolean;
  error: unknown;
  onSubmit: (name: string, settings: ProviderInputWritable) => void;
};

/** Protocol, name, address and key of a provider. A key that is there is not shown, and stays unless another is entered. */
export function ProviderForm({ known, taken, provider, busy, error, onSubmit }: Props) {
  const remote = known.filter((each) => each.name !== "local");
  const [adapter, setAdapter] = useState<string>(provider?.adapter ?? remote[0]?.name ?? "");
  const about = known.find((each) => each.name === adapter);
  const [name, setName] = useState(provider?.name ?? "");
  const [address, setAddress] = useState(provider?.base_url === about?.base_url ? "" : (provider?.base_url ?? ""));
  const [source, setSource] = useState(provider?.key === "environment" ? "variable" : "key");
  const [key, setKey] = useState("");
  const [variable, setVariable] = useState(provider?.key_env ?? "");
  const [secret, setSecret] = useState("");
  const suggested = taken.includes(adapter) ? `${adapter}-2` : adapter;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const settings: ProviderInputWritable = {};
    if (!provider) settings.adapter = adapter as ProviderInputWritable["adapter"];
    if (address.trim() !== (provider?.base_url ?? "") && (address.trim() || provider?.base_url !== about?.base_url))
      settings.base_url = address.trim() || null;
    if (source === "key" && key.trim()) settings.key = key.trim();
    if (source === "variable" && variable.trim() && (variable.trim() !== provider?.key_env || settings.base_url))
      settings.key_env = variable.trim();
    if (secret.trim()) settings.webhook_secret = secret.trim();
    onSubmit(provider?.name ?? (name.trim() || suggested), settings);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={14}>
        {!provider && (
          <>
            <Select
              label="Service"
              data={remote.map((each) => ({ value: each.name, label: each.title }))}
              value={adapter}
              allowDeselect={false}
              onChange={(value) => setAdapter(value ?? adapter)}
              data-autofocus
            />
            <TextInput
              label="Name"
              description="As prompts say it. A second account is called as its service, such as fal-work."
              placeholder={suggested}
              maxLength={63}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </>
        )}
        {adapter !== "local" && (
          <TextInput
            label="Address"
            description={about?.base_url ? "Only for another server that speaks the same protocol." : undefined}
            placeholder={about?.base_url ?? "https://gpu.example.org"}
            required={!about?.base_url}
            withAsterisk={false}
            maxLength={500}
            autoComplete="off"
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
        )}
        {adapter !== "local" && (
          <Stack gap={8}>
            <SegmentedControl
              aria-label="Where the key comes from"
              data={[
                { value: "key", label: "Enter key" },
                { value: "variable", label: "From a variable" },
              ]}
              value={source}
              onChange={setSource}
            />
            {source === "key" ? (
              <PasswordInput
                label="Key"
                description="Kept encrypted; it can't be shown again."
                placeholder={provider?.key === "kept" ? "Unchanged" : undefined}
                autoComplete="off"
                maxLength={2000}
                value={key}
                onChange={(event) => setKey(event.currentTarget.value)}
              />
            ) : (
              <TextInput
                label="Variable"
                description="Of the environment that the server and its workers run in."
                placeholder={about?.key_env ?? "GPU_API_KEY"}
                autoComplete="off"
                maxLength={200}
                value={variable}
                onChange={(event) => setVariable(event.currentTarget.value)}
              />
            )}
          </Stack>
        )}
        {about?.signs && (
          <PasswordInput
            label="Webhook secret"
            description="Optional: what the service signs its callbacks with."
            placeholder={provider?.webhook_secret ? "Unchanged" : undefined}
            autoComplete="off"
            maxLength={2000}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        )}
        {error ? <ErrorNote error={error} compact /> : null}
        <Button type="submit" loading={busy} style={{ alignSelf: "flex-end" }}>
          {provider ? "Save" : "Add provider"}
        </Button>
      </Stack>
    </form>
  );
}
