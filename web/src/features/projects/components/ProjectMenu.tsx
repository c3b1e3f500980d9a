import { ActionIcon, Menu } from "@mantine/core";
import { DuplicateIcon } from "@/components/edit-icons";
import { MoreIcon, PlusIcon, SparkIcon, TrashIcon } from "@/components/icons";
import { PromptItems } from "./AddButtons";
import type { Opened } from "./ProjectDialogs";
import styles from "./ProjectPage.module.css";

type Props = { generates: boolean; onOpen: (what: Opened) => void };

/** What is done less often with a project. */
export function ProjectMenu({ generates, onOpen }: Props) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon className={styles.touch} size={36} aria-label="More">
          <MoreIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<PlusIcon size={16} />} onClick={() => onOpen("videos")}>
          Add clips
        </Menu.Item>
        <PromptItems onAdd={onOpen} />
        {generates && (
          <Menu.Item leftSection={<SparkIcon size={16} />} onClick={() => onOpen("generate")}>
            Generate clips
          </Menu.Item>
        )}
        <Menu.Item leftSection={<DuplicateIcon size={16} />} onClick={() => onOpen("template")}>
          Save as template
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="var(--state-red)" leftSection={<TrashIcon size={16} />} onClick={() => onOpen("delete")}>
          Delete project
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
