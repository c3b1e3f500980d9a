import { Menu } from "@mantine/core";
import { EditIcon, JobsIcon, PlusIcon, SparkIcon } from "@/components/icons";
import styles from "./AddButtons.module.css";

export type Adding = "videos" | "prompt" | "prompts";

type Props = { rows: boolean; onAdd: (what: Adding) => void };

/** The buttons at the end of the clips: from the library, or from prompts. */
export function AddButtons({ rows, onAdd }: Props) {
  return (
    <div className={styles.buttons} data-rows={rows || undefined}>
      <button type="button" className={styles.add} onClick={() => onAdd("videos")} aria-label="Add clips">
        <PlusIcon size={18} />
        {rows && " Add clips"}
      </button>
      <Menu position="top-end" width={200}>
        <Menu.Target>
          <button type="button" className={styles.add} aria-label="Add prompts">
            <SparkIcon size={18} />
            {rows && " Add prompts"}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <PromptItems onAdd={onAdd} />
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

export function PromptItems({ onAdd }: Pick<Props, "onAdd">) {
  return (
    <>
      <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => onAdd("prompt")}>
        Add prompt
      </Menu.Item>
      <Menu.Item leftSection={<JobsIcon size={16} />} onClick={() => onAdd("prompts")}>
        Paste prompts
      </Menu.Item>
    </>
  );
}
