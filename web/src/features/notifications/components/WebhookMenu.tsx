import { ActionIcon, Menu } from "@mantine/core";
import { CheckCircleIcon, EditIcon, KeyIcon, MoreIcon, PlayIcon, StopIcon, TrashIcon } from "@/components/icons";
import type { Webhook } from "@/gen";
import { nameOf } from "../words";

type Props = {
  webhook: Webhook;
  onTest: () => void;
  onTurn: () => void;
  onDialog: (dialog: "edit" | "secret" | "remove") => void;
};

/** The actions of a webhook. */
export function WebhookMenu({ webhook, onTest, onTurn, onDialog }: Props) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={32} aria-label={`More actions for ${nameOf(webhook)}`}>
          <MoreIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<PlayIcon size={16} />} onClick={onTest}>
          Send test
        </Menu.Item>
        <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => onDialog("edit")}>
          Edit
        </Menu.Item>
        {webhook.kind === "webhook" && (
          <Menu.Item leftSection={<KeyIcon size={16} />} onClick={() => onDialog("secret")}>
            Replace secret
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={webhook.enabled ? <StopIcon size={16} /> : <CheckCircleIcon size={16} />}
          onClick={onTurn}
        >
          {webhook.enabled ? "Disable" : "Enable"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="var(--state-red)" leftSection={<TrashIcon size={16} />} onClick={() => onDialog("remove")}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
