import { Button, Group } from "@mantine/core";
import { CloseIcon, ProjectsIcon, TrashIcon } from "@/components/icons";
import styles from "./LibraryPage.module.css";

type Props = {
  /** Number of selected videos. */
  chosen: number;
  /** All videos that the filters leave, as far as they can be selected at once. */
  every?: { ids: readonly string[]; total: number };
  onSelectAll: () => void;
  onAdd: () => void;
  onOrganize: () => void;
  onDelete: () => void;
  onClear: () => void;
};

/** What can be done with the selected videos; loaded with the first selection. */
export default function SelectionBar({ chosen, every, onSelectAll, onAdd, onOrganize, onDelete, onClear }: Props) {
  const all = every && chosen === every.ids.length;
  return (
    <Group gap={8} role="region" aria-label="Selection">
      <span className={styles.count} aria-live="polite">
        {chosen.toLocaleString("en")} selected
        {all && every.total > every.ids.length ? ` of ${every.total.toLocaleString("en")}` : ""}
      </span>
      {every && chosen < every.ids.length && (
        <Button size="xs" variant="subtle" onClick={onSelectAll}>
          Select all {every.ids.length.toLocaleString("en")}
        </Button>
      )}
      <Button size="xs" variant="default" leftSection={<ProjectsIcon size={15} />} onClick={onAdd}>
        Add to project
      </Button>
      <Button size="xs" variant="default" onClick={onOrganize}>
        Organize
      </Button>
      <Button size="xs" variant="default" leftSection={<TrashIcon size={15} />} onClick={onDelete}>
        Delete
      </Button>
      <Button size="xs" variant="subtle" color="gray" leftSection={<CloseIcon size={14} />} onClick={onClear}>
        Clear
      </Button>
    </Group>
  );
}
