import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { DownArrowIcon, DuplicateIcon, ReplaceIcon, UpArrowIcon } from "@/components/edit-icons";
import { CopyIcon, MoreIcon, TrashIcon, VideoIcon } from "@/components/icons";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, titleOf } from "../editor/draft";
import { CutIcon, PasteIcon, SplitIcon } from "../timeline/icons";

type Props = {
  clip: DraftClip;
  index: number;
  count: number;
  actions: ClipActions;
  /** Split the clip at the playhead, where the player shows it. */
  onSplit?: () => void;
};

/** All actions on one clip. */
export function ClipMenu({ clip, index, count, actions, onSplit }: Props) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon size={32} aria-label={`More actions for clip ${index + 1}, ${titleOf(clip)}`}>
          <MoreIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<UpArrowIcon size={16} />}
          disabled={index === 0}
          onClick={() => actions.move(clip.key, -1)}
        >
          Move up
        </Menu.Item>
        <Menu.Item
          leftSection={<DownArrowIcon size={16} />}
          disabled={index === count - 1}
          onClick={() => actions.move(clip.key, 1)}
        >
          Move down
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<ReplaceIcon size={16} />} onClick={() => actions.askReplace(clip.key)}>
          Replace
        </Menu.Item>
        {onSplit && (
          <Menu.Item leftSection={<SplitIcon size={16} />} onClick={onSplit}>
            Split at playhead
          </Menu.Item>
        )}
        <Menu.Item leftSection={<DuplicateIcon size={16} />} onClick={() => actions.duplicate(clip.key)}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<CopyIcon size={16} />} onClick={() => actions.copy(clip.key)}>
          Copy
        </Menu.Item>
        <Menu.Item leftSection={<CutIcon size={16} />} onClick={() => actions.cut(clip.key)}>
          Cut
        </Menu.Item>
        <Menu.Item leftSection={<PasteIcon size={16} />} onClick={() => actions.paste(clip.key)}>
          Paste after
        </Menu.Item>
        {clip.video && (
          <Menu.Item leftSection={<VideoIcon size={16} />} component={Link} to={`/videos/${clip.video.id}`}>
            Open video
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          color="var(--state-red)"
          leftSection={<TrashIcon size={16} />}
          onClick={() => actions.remove(clip.key)}
        >
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
