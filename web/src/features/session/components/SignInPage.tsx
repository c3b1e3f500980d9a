import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useTitle } from "@/lib/hooks";
import { announce, nowIs } from "@/lib/person";
import { EntryPage } from "./EntryPage";
import { SignInForm } from "./SignInForm";

export function SignInPage() {
  useTitle("Sign in");
  const { next } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const client = useQueryClient();
  return (
    <EntryPage title="Sign in" lead="Your videos and reels, on your own server.">
      <SignInForm
        onDone={({ id }) => {
          client.clear();
          nowIs(id);
          announce(id);
          router.history.push(next ?? "/library");
        }}
      />
    </EntryPage>
  );
}
