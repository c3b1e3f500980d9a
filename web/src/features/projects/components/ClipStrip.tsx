import { Accessibility, PointerActivationConstraints, PointerSensor } from "@dnd-kit/dom";
import { DragDropProvider } from "@dnd-kit/react";
import { isSortable, useSortable } from "@dnd-kit/react/sortable";
import { type KeyboardEvent, memo, type RefObject, useEffect, useRef } from "react";
import { ErrorIcon, GripIcon, PlusIcon } from "@/components/icons";
import { Poster } from "@/components/Poster";
import type { PlannedClip } from "@/gen";
import { duration, timecode } from "@/lib/format";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, endOf, lengthOf, titleOf } from "../editor/draft";
import type { Planned } from "../editor/use-plan";
import { PLAN_WORDS } from "../words";
import { ClipMenu } from "./ClipMenu";
import styles from "./ClipStrip.module.css";
import { PlanMark } from "./PlanMark";

type Props = {
  clips: readonly DraftClip[];
  selected: string | null;
  rows: boolean;
  actions: ClipActions;
  planned: Planned;
  /** The playhead; moved from outside, without a render. */
  playhead: RefObject<HTMLDivElement | null>;
  onAdd: () => void;
};

// A drag starts after a few pixels, or after holding a finger, so that a click stays a click.
const SENSORS = [
  PointerSensor.configure({
    activationConstraints: ({ pointerType }) =>
      pointerType === "touch"
        ? [new PointerActivationConstraints.Delay({ value: 160, tolerance: 8 })]
        : [new PointerActivationConstraints.Distance({ value: 5 })],
    preventActivation: () => false,
  }),
];

// Keyboard handling and announcements are our own (Alt + arrows), so the library's attributes would be wrong.
const withoutWords = <T,>(plugins: T[]): T[] => plugins.filter((plugin) => (plugin as unknown) !== Accessibility);

/** The clips in order: a strip to scale on wide screens, rows on phones; one list for both. */
export function ClipStrip({ clips, selected, rows, actions, planned, playhead, onAdd }: Props) {
  const strip = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (selected && !rows)
      strip.current
        ?.querySelector(`[data-clip="${selected}"]`)
        ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected, rows]);
  return (
    <DragDropProvider
      sensors={SENSORS}
      plugins={withoutWords}
      onDragEnd={({ operation, canceled }) => {
        const { source } = operation;
        if (canceled || !isSortable(source)) return;
        const key = String(source.id);
        actions.select(key);
        if (source.initialIndex !== source.index) actions.place(key, source.index);
      }}
    >
      <div className={rows ? styles.rowsBox : styles.stripBox}>
        <ol ref={strip} className={rows ? styles.rows : styles.strip} aria-label="Clips">
          {clips.map((clip, index) => (
            <ClipItem
              key={clip.key}
              clip={clip}
              index={index}
              count={clips.length}
              rows={rows}
              chosen={clip.key === selected}
              reachable={clip.key === selected || (!selected && index === 0)}
              actions={actions}
              plan={planned?.of(clip)?.action}
            />
          ))}
          {!rows && <div ref={playhead} className={styles.playhead} hidden aria-hidden="true" />}
        </ol>
        <button type="button" className={styles.add} onClick={onAdd} aria-label="Add clips">
          <PlusIcon size={20} />
          {rows && " Add clips"}
        </button>
      </div>
    </DragDropProvider>
  );
}

type ItemProps = {
  clip: DraftClip;
  index: number;
  count: number;
  rows: boolean;
  chosen: boolean;
  reachable: boolean;
  actions: ClipActions;
  plan?: PlannedClip["action"];
};

const ClipItem = memo(function ClipItem({ clip, index, count, rows, chosen, reachable, actions, plan }: ItemProps) {
  const { ref, handleRef, isDragging } = useSortable({
    id: clip.key,
    index,
    transition: { duration: 160, easing: "ease-out" },
  });
  const length = lengthOf(clip);
  const span = rows
    ? (clip.problem?.message ?? `${timecode(clip.start_s)} to ${timecode(endOf(clip))}`)
    : duration(length);
  const problem = clip.problem && !rows ? `. ${clip.problem.message}` : "";
  const words = `Clip ${index + 1} of ${count}: ${titleOf(clip)}, ${span}${problem}`;
  const face = (
    <button
      type="button"
      className={styles.face}
      tabIndex={reachable || rows ? 0 : -1}
      aria-current={chosen}
      aria-label={words}
      aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Delete"
      aria-description={plan && `Will be ${PLAN_WORDS[plan]}`}
      title={rows ? undefined : [words, plan && PLAN_WORDS[plan]].filter(Boolean).join(", ")}
      onClick={() => actions.select(clip.key)}
      onKeyDown={(event) => press(event, clip.key, actions)}
    >
      <span className={styles.poster}>
        <Poster url={clip.video?.poster_url} state={clip.video?.state} />
      </span>
      <span className={styles.words}>
        <span className={styles.name}>
          {clip.problem && <ErrorIcon size={13} />}
          {titleOf(clip)}
        </span>{" "}
        <span className={styles.span}>{span}</span>
      </span>
      {plan && (
        <span className={styles.mark}>
          <PlanMark action={plan} />
        </span>
      )}
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
      {rows && (
        <span ref={handleRef} className={styles.grip} aria-hidden="true">
          <GripIcon />
        </span>
      )}
      {face}
      {rows && <ClipMenu clip={clip} index={index} count={count} actions={actions} />}
    </li>
  );
});

/** Arrow keys select clips, with Alt they move the clip; Delete removes it. */
function press(event: KeyboardEvent<HTMLButtonElement>, key: string, actions: ClipActions): void {
  const back = event.key === "ArrowLeft" || event.key === "ArrowUp";
  const on = event.key === "ArrowRight" || event.key === "ArrowDown";
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    actions.remove(key);
  } else if ((back || on) && event.altKey) {
    event.preventDefault();
    actions.select(key);
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
