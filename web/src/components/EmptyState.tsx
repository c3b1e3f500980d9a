import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { drawing?: ReactNode; children: ReactNode; action?: ReactNode };

/** The empty state of a page or list: one sentence and one action. */
export function EmptyState({ drawing, children, action }: Props) {
  return (
    <Stack align="center" gap={16} py={64} px="md" ta="center">
      {drawing}
      <Text className="dim" maw={420}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}
