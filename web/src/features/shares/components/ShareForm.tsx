import { Button, Checkbox, Group, PasswordInput, Select, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { Share, ShareChangesWritable } from "@/gen";
import { shortTime } from "@/lib/format";
import styles from "./share-dialog.module.css";

const DAY_S = 86_400;
const WEEK = String(7 * DAY_S);
const NEVER = "never";
const KEEP = "keep";
const AT = "at";
const EXPIRIES = [
  { value: "3600", label: "In 1 hour" },
  { value: String(DAY_S), label: "In 1 day" },
  { value: WEEK, label: "In 7 days" },
  { value: String(30 * DAY_S), label: "In 30 days" },
  { value: AT, label: "Custom…" },
  { value: NEVER, label: "Never" },
];

type Props = {
  /** The edited link; undefined for a new one. */
  share?: Share;
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (wanted: ShareChangesWritable) => void;
  children?: ReactNode;
};

/** The options of a share link: expiry, password, downloads. */
export function ShareForm({ share, action, busy, error, onSubmit, children }: Props) {
  const [expiry, setExpiry] = useState(share === undefined ? WEEK : share.expires_at ? KEEP : NEVER);
  const [at, setAt] = useState("");
  const [password, setPassword] = useState("");
  const [dropPassword, setDropPassword] = useState(false);
  const [download, setDownload] = useState(share?.allow_download ?? false);
  const choices = share?.expires_at ? [{ value: KEEP, label: shortTime(share.expires_at) }, ...EXPIRIES] : EXPIRIES;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted: ShareChangesWritable = { allow_download: download };
    if (expiry !== KEEP)
      wanted.expires_at =
        expiry === NEVER
          ? null
          : (expiry === AT ? new Date(at) : new Date(Date.now() + Number(expiry) * 1000)).toISOString();
    if (password) wanted.password = password;
    else if (dropPassword) wanted.password = null;
    onSubmit(wanted);
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <div className={styles.fields}>
        <Select
          label="Expires"
          data={choices}
          value={expiry}
          onChange={(value) => setExpiry(value ?? NEVER)}
          comboboxProps={{ withinPortal: false }}
        />
        <PasswordInput
          label="Password"
          placeholder={share?.has_password ? "Unchanged" : "None"}
          minLength={6}
          maxLength={1024}
          autoComplete="new-password"
          disabled={dropPassword}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {expiry === AT && (
          <TextInput
            type="datetime-local"
            label="At"
            required
            withAsterisk={false}
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
        )}
      </div>
      <Group gap={20}>
        <Checkbox
          size="xs"
          label="Allow downloads"
          checked={download}
          onChange={(event) => setDownload(event.currentTarget.checked)}
        />
        {share?.has_password && (
          <Checkbox
            size="xs"
            label="Remove password"
            checked={dropPassword}
            onChange={(event) => setDropPassword(event.currentTarget.checked)}
          />
        )}
      </Group>
      {error ? <ErrorNote error={error} compact /> : null}
      <Group gap={8}>
        <Button type="submit" loading={busy}>
          {action}
        </Button>
        {children}
      </Group>
    </form>
  );
}
