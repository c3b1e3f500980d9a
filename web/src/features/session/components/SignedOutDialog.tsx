import { Button, Modal, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { announce, nowIs } from "@/lib/person";
import { meQuery } from "../api/get-me";
import { statusQuery } from "../api/get-status";
import { SignInForm } from "./SignInForm";

/**
 * Sign-in over an open page whose session has ended, so that no input is lost. Unanswered requests are sent again
 * afterwards.
 */
export default function SignedOutDialog() {
  const client = useQueryClient();
  const before = client.getQueryData(meQuery.queryKey)?.user;
  const { data: status } = useQuery({ ...statusQuery, staleTime: 0 });
  if (status?.setup_required) {
    return (
      <Dialog title="This server has no accounts">
        <Text className="dim" mb={16}>
          It was restarted with different data. Nothing on this page exists there.
        </Text>
        <Button component="a" href="/setup">
          Set it up
        </Button>
      </Dialog>
    );
  }
  return (
    <Dialog title="You were signed out">
      <Text className="dim" mb={16}>
        Sign in to continue. Your changes are kept.
      </Text>
      <SignInForm
        email={before?.email}
        onDone={(user) => {
          announce(user.id);
          nowIs(user.id);
          if (before?.id === user.id) void client.invalidateQueries();
        }}
      />
      <Button component="a" href="/sign-in" variant="subtle" color="gray" fullWidth mt={8}>
        Leave this page
      </Button>
    </Dialog>
  );
}

function Dialog({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={title}
      size={400}
    >
      {children}
    </Modal>
  );
}
