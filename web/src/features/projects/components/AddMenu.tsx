import { Menu } from "@mantine/core";
import { LibraryIcon, PlusIcon, ProjectsIcon, SparkIcon } from "@/components/icons";

export type Adding = "videos" | "prompt" | "prompts";

type Props = { className?: string; words: boolean; onAdd: (what: Adding) => void };

/** The button at the end of the clips: from the library, from a prompt, or from many prompts. */
export function AddMenu({ className, words, onAdd }: Props) {
  return (
    <Menu position="top-end" width={220}>
      <Menu.Target>
        <button type="button" className={className} aria-label="Add clips">
          <PlusIcon size={20} />
          {words && " Add clips"}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <AddItems onAdd={onAdd} />
      </Menu.Dropdown>
    </Menu>
  );
}

export function AddItems({ onAdd }: Pick<Props, "onAdd">) {
  return (
    <>
      <Menu.Item leftSection={<LibraryIcon size={16} />} onClick={() => onAdd("videos")}>
        From the library
      </Menu.Item>
      <Menu.Item leftSection={<SparkIcon size={16} />} onClick={() => onAdd("prompt")}>
        Add prompt
      </Menu.Item>
      <Menu.Item leftSection={<ProjectsIcon size={16} />} onClick={() => onAdd("prompts")}>
        Paste prompts
      </Menu.Item>
    </>
  );
}
