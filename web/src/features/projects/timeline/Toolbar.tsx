import { ActionIcon, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { PlusIcon } from "@/components/icons";
import type { Stage } from "../editor/use-stage";
import { FitIcon, MagnetIcon, MarkerIcon, MinusIcon, SplitIcon } from "./icons";
import { TimeInput } from "./TimeInput";
import styles from "./Timeline.module.css";
import type { Zoom } from "./use-zoom";

type Props = {
  stage: Stage;
  fps: number;
  zoom: Zoom;
  snaps: boolean;
  selected: number;
  onSnap: () => void;
  onMark: () => void;
};

/** Time, split, markers, snapping and zoom. */
export function Toolbar({ stage, fps, zoom, snaps, selected, onSnap, onMark }: Props) {
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Timeline">
      <TimeInput time={stage.time} fps={fps} total={stage.layout.total} onGo={stage.goTo} />
      <Tool label="Split at the playhead (S)" name="Split" onClick={stage.split} icon={<SplitIcon size={16} />} />
      <Tool label="Add a marker (M)" name="Add marker" onClick={onMark} icon={<MarkerIcon size={16} />} />
      <Tool
        label={`Snapping is ${snaps ? "on" : "off"} (N)`}
        name="Snap"
        pressed={snaps}
        onClick={onSnap}
        icon={<MagnetIcon size={16} />}
      />
      {selected > 1 && <span className="dim small">{selected} clips selected</span>}
      <span className="grow" />
      <Tool
        label="Zoom out (−)"
        name="Zoom out"
        disabled={zoom.isLeast}
        onClick={() => zoom.by(1 / 1.5)}
        icon={<MinusIcon size={16} />}
      />
      <Tool
        label="Zoom in (+)"
        name="Zoom in"
        disabled={zoom.isMost}
        onClick={() => zoom.by(1.5)}
        icon={<PlusIcon size={16} />}
      />
      <Tool label="Fit all clips (Shift + Z)" name="Fit" onClick={zoom.fit} icon={<FitIcon size={16} />} />
    </div>
  );
}

type ToolProps = {
  label: string;
  name: string;
  icon: ReactNode;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
};

const Tool = ({ label, name, icon, pressed, disabled, onClick }: ToolProps) => (
  <Tooltip label={label}>
    <ActionIcon
      size={28}
      aria-label={name}
      aria-pressed={pressed}
      data-pressed={pressed || undefined}
      disabled={disabled}
      onClick={onClick}
    >
      {icon}
    </ActionIcon>
  </Tooltip>
);
