import { Button, Checkbox, Group, PasswordInput, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { Share, ShareChangesWritable } from "@/gen";
import { count, shortTime } from "@/lib/format";
import { sharingQuery } from "../api/get-sharing";
import styles from "./share-dialog.module.css";

const DAY_S = 86_400;
const NEVER = "never";
const KEEP = "keep";
const AT = "at";
const DAYS = [1, 7, 30];
const COMMENTS = [
  { value: "off", label: "Hidden" },
  { value: "read", label: "Visitors can read" },
  { value: "write", label: "Visitors can comment" },
];

/** The choices of an end, with the server's own among them. */
function expiriesOf(defaultDays: number): { value: string; label: string }[] {
  const days = [...new Set([...DAYS, ...(defaultDays ? [defaultDays] : [])])].sort((a, b) => a - b);
  return [
    { value: "3600", label: "In 1 hour" },
    ...days.map((each) => ({ value: String(each * DAY_S), label: `In ${count(each, "day")}` })),
    { value: AT, label: "Custom…" },
    { value: NEVER, label: "Never" },
  ];
}

export type ShareOptions = Pick<ShareChangesWritable, "expires_at" | "password"> & {
  allow_download: boolean;
  comments: Share["comments"];
};

type Props = {
  /** The edited link; undefined for a new one. */
  share?: Share;
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (wanted: ShareOptions) => void;
  children?: ReactNode;
};

/** The options of a share link: expiry, password, downloads, comments. */
export function ShareForm({ share, action, busy, error, onSubmit, children }: Props) {
  const { data: sharing } = useQuery(sharingQuery);
  const days = sharing?.default_days ?? 30;
  const [chosen, setChosen] = useState(share === undefined ? null : share.expires_at ? KEEP : NEVER);
  const expiry = chosen ?? (days ? String(days * DAY_S) : NEVER);
  const [at, setAt] = useState("");
  const [password, setPassword] = useState("");
  const [dropPassword, setDropPassword] = useState(false);
  const [download, setDownload] = useState(share?.allow_download ?? false);
  const [comments, setComments] = useState<Share["comments"]>(share?.comments ?? "off");
  const kept = share?.expires_at ? [{ value: KEEP, label: shortTime(share.expires_at) }] : [];
  const end = Number(expiry) > 0 ? new Date(Date.now() + Number(expiry) * 1000) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted: ShareOptions = { allow_download: download, comments };
    if (expiry !== KEEP) wanted.expires_at = expiry === NEVER ? null : (end ?? new Date(at)).toISOString();
    if (password) wanted.password = password;
    else if (dropPassword) wanted.password = null;
    onSubmit(wanted);
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <div className={styles.fields}>
        <Select
          label="Expires"
          data={[...kept, ...expiriesOf(days)]}
          value={expiry}
          onChange={(value) => setChosen(value ?? NEVER)}
          description={end ? `On ${shortTime(end.toISOString())}` : undefined}
          inputWrapperOrder={["label", "input", "description"]}
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
        {sharing?.visitor_comments && (
          <Select
            label="Comments"
            data={COMMENTS}
            value={comments}
            onChange={(value) => setComments((value ?? "off") as Share["comments"])}
            comboboxProps={{ withinPortal: false }}
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
