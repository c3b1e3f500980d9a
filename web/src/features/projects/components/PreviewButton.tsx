import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { PlayIcon } from "@/components/icons";
import styles from "./ProjectPage.module.css";

export function PreviewButton({
  narrow,
  disabled,
  onClick,
}: {
  narrow: boolean;
  disabled: boolean;
  onClick: () => void;
}) {
  if (!narrow)
    return (
      <Button variant="default" leftSection={<PlayIcon size={15} />} disabled={disabled} onClick={onClick}>
        Preview
      </Button>
    );
  return (
    <Tooltip label="Preview">
      <ActionIcon
        className={styles.touch}
        variant="default"
        size={36}
        aria-label="Preview"
        disabled={disabled}
        onClick={onClick}
      >
        <PlayIcon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
