import { Accessibility, PointerActivationConstraints, PointerSensor } from "@dnd-kit/dom";
import { DragDropProvider } from "@dnd-kit/react";
import { isSortable, useSortable } from "@dnd-kit/react/sortable";
import { memo, type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { ErrorIcon, GripIcon, PlusIcon } from "@/components/icons";
import { Poster } from "@/components/Poster";
import { duration, timecode } from "@/lib/format";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, endOf, lengthOf, titleOf } from "../editor/draft";
import { ClipMenu } from "./ClipMenu";
import styles from "./ClipStrip.module.css";

type Props = {
  clips: readonly DraftClip[];
  selected: string | null;
  rows: boolean;
  actions: ClipActions;
  /** The line that shows where the player is; moved from outside, without a render. */
  playhead: RefObject<HTMLDivElement | null>;
  onAdd: () => void;
};

// A click stays a click: a drag begins after a few pixels, or a moment's hold of a finger.
const SENSORS = [
  PointerSensor.configure({
    activationConstraints: ({ pointerType }) =>
      pointerType === "touch" ? [new PointerActivationConstraints.Delay({ value: 160, tolerance: 8 })] : [new PointerActivationConstraints.Distance({ value: 5 })],
    preventActivation: () => false,
  }),
];

// The keyboard and what is announced are ours (Alt + arrows), so the kit's own attributes would say what is not true.
const withoutWords = <T,>(plugins: T[]): T[] => plugins.filter((plugin) => (plugin as unknown) !== Accessibility);

/** The clips in their order: a strip to scale on wide screens, plain rows on a phone. The same list for both. */
export function ClipStrip({ clips, selected, rows, actions, playhead, onAdd }: Props) {
  const strip = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (selected && !rows) strip.current?.querySelector(`[data-clip="${selected}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected, rows]);
  return (
    <DragDropProvider
      sensors={SENSORS}
      plugins={withoutWords}
      onDragEnd={({ operation, canceled }) => {
        const { source } = operation;
        if (canceled || !isSortable(source)) return;
        if (source.initialIndex !== source.index) actions.place(String(source.id), source.index);
      }}
    >
      <div className={rows ? styles.rowsBox : styles.stripBox}>
        <ol ref={strip} className={rows ? styles.rows : styles.strip} aria-label="Clips">
          {clips.map((clip, index) => (
            <ClipItem key={clip.key} clip={clip} index={index} count={clips.length} rows={rows} chosen={clip.key === selected} reachable={clip.key === selected || (!selected && index === 0)} actions={actions} />
          ))}
          {!rows && <div ref={playhead} className={styles.playhead} hidden aria-hidden="true" />}
        </ol>
        <button type="button" className={styles.add} onClick={onAdd} aria-label="Add clips">
          <PlusIcon size={20} />{rows && " Add clips"}
        </button>
      </div>
    </DragDropProvider>
  );
}

type ItemProps = { clip: DraftClip; index: number; count: number; rows: boolean; chosen: boolean; reachable: boolean; actions: ClipActions };

const ClipItem = memo(function ClipItem({ clip, index, count, rows, chosen, reachable, actions }: ItemProps) {
  const { ref, handleRef, isDragging } = useSortable({ id: clip.key, index, transition: { duration: 160, easing: "ease-out" } });
  const length = lengthOf(clip);
  const words = `Clip ${index + 1} of ${count}: ${titleOf(clip)}, ${duration(length)}${clip.problem ? `. ${clip.problem.message}` : ""}`;
  const face = (
    <button
      type="button"
      className={styles.face}
      tabIndex={reachable || rows ? 0 : -1}
      aria-current={chosen}
      aria-label={words}
      aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Delete"
      title={rows ? undefined : words}
      onClick={() => actions.select(clip.key)}
      onKeyDown={(event) => press(event, clip.key, actions)}
    >
      <span className={styles.picture}><Poster url={clip.video?.poster_url} state={clip.video?.state} /></span>
      <span className={styles.words}>
        <span className={styles.name}>{clip.problem && <ErrorIcon size={13} />}{titleOf(clip)}</span>
        <span className={styles.span}>{rows ? (clip.problem?.message ?? `${timecode(clip.start_s)} to ${timecode(endOf(clip))}`) : duration(length)}</span>
      </span>
    </button>
  );
  return (
    <li
      ref={ref}
      className={styles.item}
      data-clip={clip.key}
      data-chosen={chosen || undefined}
      data-problem={clip.problem?.code}
      data-dragging={isDragging || undefined}
      style={rows ? undefined : { flexGrow: Math.max(length, 0.1), flexBasis: 0 }}
    >
      {rows && <span ref={handleRef} className={styles.grip} aria-hidden="true"><GripIcon /></span>}
      {face}
      {rows && <ClipMenu clip={clip} index={index} count={count} actions={actions} />}
    </li>
  );
});

/** Arrows walk along the clips, with Alt they carry the clip along; Delete takes it out. */
function press(event: KeyboardEvent<HTMLButtonElement>, key: string, actions: ClipActions): void {
  const back = event.key === "ArrowLeft" || event.key === "ArrowUp";
  const on = event.key === "ArrowRight" || event.key === "ArrowDown";
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    actions.remove(key);
  } else if ((back || on) && event.altKey) {
    event.preventDefault();
    actions.move(key, back ? -1 : 1);
    const button = event.currentTarget;
    requestAnimationFrame(() => button.focus());
  } else if (back || on) {
    event.preventDefault();
    const item = event.currentTarget.closest("li");
    const next = back ? item?.previousElementSibling : item?.nextElementSibling;
    const button = next?.querySelector("button");
    const to = next instanceof HTMLElement ? next.dataset.clip : undefined;
    if (to && button) {
      actions.select(to);
      button.focus();
    }
  }
}
