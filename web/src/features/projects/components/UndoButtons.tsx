import { ActionIcon, Tooltip } from "@mantine/core";
import { RedoIcon, UndoIcon } from "@/components/edit-icons";
import { useCell } from "@/lib/cell";
import type { ProjectEditor } from "../editor/project-editor";
import styles from "./ProjectPage.module.css";

export function UndoButtons({ editor, className }: { editor: ProjectEditor; className?: string }) {
  const { canUndo, canRedo } = useCell(editor.state);
  return (
    <ActionIcon.Group className={className}>
      <Tooltip label="Undo (Ctrl + Z)">
        <ActionIcon
          className={styles.touch}
          variant="default"
          size={36}
          aria-label="Undo"
          disabled={!canUndo}
          onClick={editor.undo}
        >
          <UndoIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Redo (Shift + Ctrl + Z)">
        <ActionIcon
          className={styles.touch}
          variant="default"
          size={36}
          aria-label="Redo"
          disabled={!canRedo}
          onClick={editor.redo}
        >
          <RedoIcon size={16} />
        </ActionIcon>
      </Tooltip>
    </ActionIcon.Group>
  );
}
