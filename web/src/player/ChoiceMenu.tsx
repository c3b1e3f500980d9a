import { Menu, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { CheckIcon } from "@/components/icons";
import styles from "./VideoPlayer.module.css";

export type Choice = {
  key: string;
  name: string;
  /** The reason why it cannot be selected. */
  without?: string;
  onChoose: () => void;
};

type Props = {
  label: string;
  chosen: string;
  choices: readonly Choice[];
  /** What stands in the bar in place of a long choice. */
  short?: ReactNode;
};

/** A menu in the player's control bar, labeled with the current choice. */
export function ChoiceMenu({ label, chosen, choices, short }: Props) {
  return (
    <Menu position="top-end" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={styles.choice} aria-label={`${label}: ${chosen}`}>
          {short ?? chosen}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={styles.choices} aria-label={label}>
        {choices.map(({ key, name, without, onChoose }) => (
          <Menu.Item
            key={key}
            className={without && styles.absent}
            disabled={Boolean(without)}
            aria-current={name === chosen || undefined}
            rightSection={name === chosen && <CheckIcon size={14} />}
            onClick={onChoose}
          >
            {name}
            {without && <span className={styles.without}>{without}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
