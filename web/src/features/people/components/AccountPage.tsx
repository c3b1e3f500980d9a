import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { PageHeader } from "@/components/PageHeader";
import { say } from "@/components/toast";
import { meQuery } from "@/features/session/api/get-me";
import { useUpdateMe } from "@/features/session/api/update-me";
import { useTitle } from "@/lib/hooks";
import { loadPart } from "@/lib/load-part";
import { KeysPanel } from "./KeysPanel";
import styles from "./people.module.css";

const StoragePanel = lazy(() => loadPart(() => import("@/features/library/components/StoragePanel")));

export function AccountPage() {
  useTitle("Account");
  const { data: me } = useQuery(meQuery);
  return (
    <>
      <PageHeader title="Account" />
      <div className={styles.page}>
        {me && (
          <div className={styles.narrow}>
            <section className={styles.section}>
              <h2>{me.user.email}</h2>
              <NameForm key={me.user.name} name={me.user.name ?? ""} />
            </section>
            <section className={styles.section}>
              <h2>Password</h2>
              <PasswordForm email={me.user.email} />
            </section>
          </div>
        )}
        <section className={styles.section}>
          <h2>API keys</h2>
          <KeysPanel />
        </section>
        <section className={styles.section}>
          <h2>Storage</h2>
          <Suspense>
            <StoragePanel mine />
          </Suspense>
        </section>
      </div>
    </>
  );
}

function NameForm({ name: before }: { name: string }) {
  const [name, setName] = useState(before);
  const update = useUpdateMe();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ name: name.trim() }, { onSuccess: () => say("Name saved") });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={12}>
        <TextInput
          label="Name"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="name"
        />
        {update.error && <ErrorNote error={update.error} compact />}
        <Button
          type="submit"
          variant="default"
          loading={update.isPending}
          disabled={name.trim() === before}
          style={{ alignSelf: "flex-start" }}
        >
          Save name
        </Button>
      </Stack>
    </form>
  );
}

function PasswordForm({ email }: { email: string }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const update = useUpdateMe();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate(
      { password: next, current_password: current },
      {
        onSuccess: () => {
          say("Password changed");
          setCurrent("");
          setNext("");
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={12}>
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label="Current password"
          required
          withAsterisk={false}
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description="At least 10 characters"
          required
          withAsterisk={false}
          minLength={10}
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {update.error && <ErrorNote error={update.error} compact />}
        <Button type="submit" variant="default" loading={update.isPending} style={{ alignSelf: "flex-start" }}>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
