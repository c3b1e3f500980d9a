import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { announce, nowIs } from "@/lib/person";
import { Problem } from "@/lib/problem";
import { useSetUp } from "../api/set-up";

/** The form for the first admin, shown with a valid token. */
export function FirstAccountForm({ token }: { token: string }) {
  const router = useRouter();
  const client = useQueryClient();
  const setUp = useSetUp();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate(
      { token, email: email.trim(), password, name: name.trim() || undefined },
      {
        onSuccess: ({ id }) => {
          client.clear();
          nowIs(id);
          announce(id);
          router.history.replace("/library");
        },
      },
    );
  };
  const fields = setUp.error instanceof Problem ? setUp.error.fields : {};
  return (
    <form onSubmit={submit}>
      <Stack gap={14}>
        <TextInput
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fields.email}
        />
        <TextInput
          label="Name"
          name="name"
          autoComplete="name"
          description="Optional"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fields.name}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="new-password"
          description="At least 10 characters"
          required
          withAsterisk={false}
          minLength={10}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fields.password}
        />
        {setUp.error && <ErrorNote error={setUp.error} compact />}
        <Button type="submit" loading={setUp.isPending} size="md" fz={14}>
          Create account
        </Button>
      </Stack>
    </form>
  );
}
