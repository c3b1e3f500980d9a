import { Menu } from "@mantine/core";
import { DraftIcon, EditIcon, JobsIcon, PlusIcon, SparkIcon, VideoIcon } from "@/components/icons";
import styles from "./AddButtons.module.css";

export type Adding = "videos" | "image" | "card" | "prompt" | "prompts";

type Props = { rows: boolean; onAdd: (what: Adding) => void };

/** The buttons at the end of the clips: from the library, or images, title cards and prompts. */
export function AddButtons({ rows, onAdd }: Props) {
  return (
    <div className={styles.buttons} data-rows={rows || undefined}>
      <button type="button" className={styles.add} onClick={() => onAdd("videos")} aria-label="Add clips">
        <PlusIcon size={18} />
        {rows && " Add clips"}
      </button>
      <Menu position="top-end" width={200}>
        <Menu.Target>
          <button type="button" className={styles.add} aria-label="Add an image, a card or prompts">
            <SparkIcon size={18} />
            {rows && " Add more"}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<VideoIcon size={16} />} onClick={() => onAdd("image")}>
            Add image
          </Menu.Item>
          <Menu.Item leftSection={<DraftIcon size={16} />} onClick={() => onAdd("card")}>
            Add title card
          </Menu.Item>
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
