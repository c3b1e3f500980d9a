import { ActionIcon, Group, Popover, TextInput } from "@mantine/core";
import { useEffect, useRef } from "react";
import { TrashIcon } from "@/components/icons";
import type { ClipActions } from "../editor/clip-actions";
import type { Marker } from "../editor/effects";
import { wordsOf } from "../editor/markers";
import styles from "./Timeline.module.css";
import { PAD, type Shown } from "./use-window";

type Props = {
  markers: readonly Marker[];
  scale: number;
  shown: Shown;
  actions: ClipActions;
  onGo: (seconds: number) => void;
  /** The marker whose name is being edited, by its time. */
  open: number | null;
  onOpen: (at: number | null) => void;
};

/** The markers over the ruler; a click goes there and opens its name. */
export function Markers({ markers, scale, shown, actions, onGo, open, onOpen }: Props) {
  const inView = markers.filter(({ at_s }) => at_s * scale >= shown.from && at_s * scale <= shown.to);
  return (
    <div className={styles.markers}>
      {inView.map((marker) => (
        <Popover
          key={marker.at_s}
          opened={open === marker.at_s}
          onChange={(opened) => !opened && onOpen(null)}
          position="top-start"
          trapFocus
          returnFocus
          withinPortal
        >
          <Popover.Target>
            <button
              type="button"
              className={styles.marker}
              style={{ left: PAD + marker.at_s * scale }}
              aria-label={wordsOf(marker)}
              title={wordsOf(marker)}
              onClick={() => {
                onGo(marker.at_s);
                onOpen(marker.at_s);
              }}
            />
          </Popover.Target>
          <Popover.Dropdown p={8}>
            <NameField marker={marker} actions={actions} onClose={() => onOpen(null)} />
          </Popover.Dropdown>
        </Popover>
      ))}
    </div>
  );
}

type FieldProps = { marker: Marker; actions: ClipActions; onClose: () => void };

function NameField({ marker, actions, onClose }: FieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <Group gap={4} wrap="nowrap">
      <TextInput
        ref={field}
        data-autofocus
        aria-label="Marker name"
        defaultValue={marker.text}
        maxLength={200}
        onChange={(event) => actions.nameMarker(marker.at_s, event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && onClose()}
      />
      <ActionIcon
        size={36}
        aria-label="Remove marker"
        onClick={() => {
          actions.nameMarker(marker.at_s, null);
          onClose();
        }}
      >
        <TrashIcon size={16} />
      </ActionIcon>
    </Group>
  );
}
