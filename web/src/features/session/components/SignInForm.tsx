import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { User } from "@/gen";
import { useSignIn } from "../api/sign-in";

/** The sign-in form; it keeps the input when the server refuses it. */
export function SignInForm({ email: known = "", onDone }: { email?: string; onDone: (user: User) => void }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const signIn = useSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password }, { onSuccess: ({ user }) => onDone(user) });
  };
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
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-autofocus={known ? undefined : true}
          autoFocus={!known}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-autofocus={known ? true : undefined}
          autoFocus={Boolean(known)}
        />
        {signIn.error && <ErrorNote error={signIn.error} compact />}
        <Button type="submit" loading={signIn.isPending} size="md" fz={14}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
