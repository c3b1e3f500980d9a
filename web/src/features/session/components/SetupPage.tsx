import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { useTitle } from "@/lib/hooks";
import { Problem } from "@/lib/problem";
import { signedOut } from "@/lib/signed-out";
import { statusQuery } from "../api/get-status";
import { useSetUp } from "../api/set-up";
import { EntryPage } from "./EntryPage";

export function SetupPage() {
  useTitle("Set up");
  const search = useSearch({ from: "/setup" });
  const status = useQuery(statusQuery);
  const router = useRouter();
  const client = useQueryClient();
  const setUp = useSetUp();
  const [token, setToken] = useState(search.token ?? "");
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  if (status.data && !status.data.setup_required) {
    return (
      <EntryPage title="Already set up" lead="This server has its first admin. Ask them for an account, or sign in.">
        <Button component={Link} to="/sign-in">Sign in</Button>
      </EntryPage>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate(
      { token: token.trim(), email: email.trim(), password, name: name.trim() || undefined },
      {
        onSuccess: () => {
          client.clear();
          signedOut.set(false);
          router.history.replace("/library");
        },
      },
    );
  };
  const fields = setUp.error instanceof Problem ? setUp.error.fields : {};
  return (
    <EntryPage title="Welcome to Playhead" lead="Make the first account. It can add others later.">
      <form onSubmit={submit}>
        <Stack gap={14}>
          {!search.token && (
            <TextInput label="Setup token" description="Printed by playhead serve on its first start." required withAsterisk={false} value={token} onChange={(event) => setToken(event.currentTarget.value)} />
          )}
          <TextInput label="Email" type="email" name="email" autoComplete="username" required withAsterisk={false} autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} error={fields.email} />
          <TextInput label="Name" name="name" autoComplete="name" description="Optional" value={name} onChange={(event) => setName(event.currentTarget.value)} error={fields.name} />
          <PasswordInput label="Password" name="password" autoComplete="new-password" description="At least 10 characters" required withAsterisk={false} minLength={10} value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={fields.password} />
          {setUp.error && <ErrorNote error={setUp.error} compact />}
          <Button type="submit" loading={setUp.isPending} size="md" fz={14}>Make the account</Button>
        </Stack>
      </form>
    </EntryPage>
  );
}
