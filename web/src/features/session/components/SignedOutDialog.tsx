import { Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { signedOut } from "@/lib/signed-out";
import { meQuery } from "../api/get-me";
import { SignInForm } from "./SignInForm";

/** The session ended while a page was open: sign in over it, so that nothing typed is lost. */
export default function SignedOutDialog() {
  const client = useQueryClient();
  const before = client.getQueryData(meQuery.queryKey)?.user;
  return (
    <Modal opened onClose={() => {}} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title="You were signed out" size={400}>
      <Text className="dim" mb={16}>Sign in to go on; this page stays as it is.</Text>
      <SignInForm
        email={before?.email}
        onDone={(user) => {
          signedOut.set(false);
          if (before && before.id !== user.id) return window.location.assign("/");
          void client.invalidateQueries();
        }}
      />
    </Modal>
  );
}
