import { ActionIcon, Button, Menu, Table, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { CheckCircleIcon, EditIcon, MoreIcon, PlayIcon, StopIcon, TrashIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import type { GenerationProvider, KnownAdapter } from "@/gen";
import { useRemoveProvider } from "../api/remove-provider";
import { useSetProvider } from "../api/set-provider";
import { useTestProvider } from "../api/test-provider";
import { hostOf, keyWords, stateOf } from "../words";
import { ProviderDialog } from "./ProviderDialog";
import styles from "./providers.module.css";

type Props = { provider: GenerationProvider; known: KnownAdapter[] };

/** A provider: where it is, its key, and how its last test went. */
export function ProviderRow({ provider, known }: Props) {
  const [dialog, setDialog] = useState<"edit" | "remove" | null>(null);
  const test = useTestProvider();
  const set = useSetProvider();
  const { name, title } = provider;
  const runTest = () =>
    test.mutate(name, {
      onSuccess: ({ works, detail }) => (works ? say(detail) : undefined),
      onError: showProblem("Couldn't run the test"),
    });
  const turn = () =>
    set.mutate(
      { name, provider, settings: { enabled: !provider.enabled } },
      {
        onSuccess: () => say(provider.enabled ? `${title} disabled` : `${title} enabled`),
        onError: showProblem("Couldn't change the provider"),
      },
    );
  return (
    <Table.Tr data-provider={name}>
      <Table.Td className={styles.what}>
        <span>{title}</span>
        <span className={styles.under}>
          {hostOf(provider.base_url)}
          <span className={styles.narrow}> · Key: {keyWords(provider)}</span>
        </span>
        <Outcome provider={provider} said={test.data} />
      </Table.Td>
      <Table.Td className={styles.wide}>{keyWords(provider)}</Table.Td>
      <Table.Td>
        <StateBadge state={stateOf(provider)} />
      </Table.Td>
      <Table.Td className={styles.wide}>
        <Button
          size="xs"
          variant="default"
          aria-label={`Test ${title}`}
          loading={test.isPending}
          disabled={!provider.configured}
          onClick={runTest}
        >
          Test
        </Button>
      </Table.Td>
      <Table.Td>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={32} aria-label={`More actions for ${title}`}>
              <MoreIcon size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<PlayIcon size={16} />} onClick={runTest} disabled={!provider.configured}>
              Test
            </Menu.Item>
            <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => setDialog("edit")}>
              Edit
            </Menu.Item>
            <Menu.Item
              leftSection={provider.enabled ? <StopIcon size={16} /> : <CheckCircleIcon size={16} />}
              onClick={turn}
            >
              {provider.enabled ? "Disable" : "Enable"}
            </Menu.Item>
            {provider.has_settings && (
              <>
                <Menu.Divider />
                <Menu.Item
                  color="var(--state-red)"
                  leftSection={<TrashIcon size={16} />}
                  onClick={() => setDialog("remove")}
                >
                  Remove settings
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
        <ProviderDialog
          opened={dialog === "edit"}
          onClose={() => setDialog(null)}
          known={known}
          names={[]}
          provider={provider}
        />
        <RemoveDialog provider={provider} opened={dialog === "remove"} onClose={() => setDialog(null)} />
      </Table.Td>
    </Table.Tr>
  );
}

/** How the last test went; of a provider without settings only while this page is open. */
function Outcome({ provider, said }: { provider: GenerationProvider; said?: { works: boolean; detail: string } }) {
  const last = provider.last_test;
  const shown = last ?? (provider.has_settings ? undefined : said);
  if (!shown) return null;
  return (
    <span className={styles.outcome} data-works={shown.works} role="status">
      {shown.detail}
      {last && (
        <span className="dim">
          {" "}
          <RelativeTime time={last.at} />
        </span>
      )}
    </span>
  );
}

type RemoveProps = { provider: GenerationProvider; opened: boolean; onClose: () => void };

function RemoveDialog({ provider, opened, onClose }: RemoveProps) {
  const remove = useRemoveProvider();
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={`Remove the settings of ${provider.title}?`}
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() =>
        remove.mutate(provider.name, {
          onSuccess: () => {
            say(`Removed the settings of ${provider.title}`);
            close();
          },
        })
      }
    >
      <Text className="dim">
        Its key goes with them. What it is generating now can no longer be asked for, and may be charged all the same.
      </Text>
    </ConfirmDialog>
  );
}
