import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import { isStatus } from "@/lib/api";
import { useTitle } from "@/lib/hooks";
import { setupCheckQuery } from "../api/check-setup";
import { statusQuery } from "../api/get-status";
import { EntryPage } from "./EntryPage";
import { FirstAccountForm } from "./FirstAccountForm";

/** The setup page: checks the token before it shows the form. */
export function SetupPage() {
  useTitle("Set up");
  const search = useSearch({ from: "/setup" });
  const [token, setToken] = useState(search.token ?? "");
  const status = useQuery(statusQuery);
  const check = useQuery(setupCheckQuery(token));
  if ((status.data && !status.data.setup_required) || isStatus(check.error, 409)) {
    return (
      <EntryPage title="Already set up" lead="This server has its first admin. Ask them for an account, or sign in.">
        <Button component={Link} to="/sign-in">
          Sign in
        </Button>
      </EntryPage>
    );
  }
  if (check.data) {
    return (
      <EntryPage title="Welcome to Playhead" lead="Create the first account. It can add others later.">
        <FirstAccountForm token={token} />
      </EntryPage>
    );
  }
  if (check.isFetching) {
    return (
      <EntryPage title="Welcome to Playhead" lead="Checking the setup link.">
        <Skeleton h={180} />
      </EntryPage>
    );
  }
  return (
    <EntryPage
      title="Welcome to Playhead"
      lead={
        check.error
          ? "This setup link can't be used."
          : "Open this page with the setup link that Playhead printed at startup."
      }
    >
      {check.error && <ErrorNote error={check.error} onRetry={() => void check.refetch()} compact />}
      <TokenForm onToken={setToken} />
    </EntryPage>
  );
}

function TokenForm({ onToken }: { onToken: (token: string) => void }) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onToken(tokenIn(text));
  };
  return (
    <form onSubmit={submit} style={{ marginTop: 20, display: "grid", gap: 14 }}>
      <TextInput
        label="Setup link or token"
        description="Printed by playhead serve until the first account is created."
        required
        withAsterisk={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" size="md" fz={14}>
        Continue
      </Button>
    </form>
  );
}

/** The token of a pasted link, or the pasted text itself. */
function tokenIn(text: string): string {
  const found = /[?&]token=([^&#\s]+)/.exec(text);
  return found ? decodeURIComponent(found[1]!) : text.trim();
}
