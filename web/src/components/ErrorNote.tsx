import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { asProblem } from "@/lib/problem";
import { CopyButton } from "./CopyButton";
import { ErrorIcon, OfflineIcon, RetryIcon } from "./icons";

type Props = { error: unknown; onRetry?: () => void; children?: ReactNode; compact?: boolean };

/** An error: what happened, what to do, and the request ID for the server's operator. */
export function ErrorNote({ error, onRetry, children, compact = false }: Props) {
  const problem = asProblem(error);
  const again = [403, 404].includes(problem.status) ? undefined : onRetry; // the answer would be the same
  const Icon = problem.code === "offline" ? OfflineIcon : ErrorIcon;
  return (
    <Group role="alert" gap={12} align="flex-start" wrap="nowrap" p={compact ? 0 : "lg"} maw={640}>
      <Icon size={20} style={{ color: "var(--state-red)", flex: "none", marginTop: 1 }} />
      <Stack gap={4} className="grow">
        <Text fw={500}>{problem.detail}</Text>
        {problem.hint && <Text className="dim">{problem.hint}</Text>}
        {problem.requestId && (
          <Group gap={4} className="dim tiny" wrap="nowrap">
            Request <span className="mono clip-text">{problem.requestId}</span>
            <CopyButton value={problem.requestId} label="Copy request ID" size="xs" />
          </Group>
        )}
        {(again || children) && (
          <Group gap={8} mt={8}>
            {again && (
              <Button variant="default" size="xs" leftSection={<RetryIcon size={14} />} onClick={again}>
                Try again
              </Button>
            )}
            {children}
          </Group>
        )}
      </Stack>
    </Group>
  );
}
