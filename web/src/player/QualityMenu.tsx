import { Menu, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Quality } from "./use-stream";
import styles from "./VideoPlayer.module.css";

type Props = {
  streamed: boolean;
  qualities: readonly Quality[];
  /** The file that is played when it is no stream. */
  file?: string;
  /** Set to why the original cannot be chosen. */
  without?: string;
  onFile: () => void;
  onStream: (level: number) => void;
};

const AUTO = -1;

/** Which picture is played: the original file, or the ladder, by itself or one rung of it. */
export function QualityMenu({ streamed, qualities, file = "Original", without, onFile, onStream }: Props) {
  const [level, setLevel] = useState(AUTO);
  const choose = (wanted: number) => {
    setLevel(wanted);
    onStream(wanted);
  };
  const chosen = !streamed ? file : (qualities.find((quality) => quality.level === level)?.name ?? "Auto");
  return (
    <Menu position="top-end" withinPortal={false}>
      <Menu.Target><UnstyledButton className={styles.quality} aria-label={`Quality: ${chosen}`}>{chosen}</UnstyledButton></Menu.Target>
      <Menu.Dropdown className={styles.qualities}>
        <Menu.Item className={without && styles.absent} disabled={Boolean(without)} onClick={onFile}>Original{without && <span className={styles.without}>{without}</span>}</Menu.Item>
        <Menu.Item onClick={() => choose(AUTO)}>Auto</Menu.Item>
        {streamed && qualities.map((quality) => <Menu.Item key={quality.level} onClick={() => choose(quality.level)}>{quality.name}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
