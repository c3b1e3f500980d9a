import { Accessibility, PointerActivationConstraints, PointerSensor } from "@dnd-kit/dom";
import { DragDropProvider } from "@dnd-kit/react";
import { isSortable, useSortable } from "@dnd-kit/react/sortable";
import { type KeyboardEvent, memo, type RefObject, useEffect, useRef } from "react";
import { GripIcon } from "@/components/edit-icons";
import { ErrorIcon } from "@/components/icons";
import { Poster } from "@/components/Poster";
import { StateBadge } from "@/components/StateBadge";
import { STATES } from "@/components/states";
import { PromptFace } from "@/features/generate/components/PromptFace";
import { clipStateOf, currentTake, isActiveTake } from "@/features/generate/takes";
import { stateKey } from "@/features/generate/words";
import type { PlannedClip, Take } from "@/gen";
import { duration, timecode } from "@/lib/format";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, endOf, lacksVideo, lengthOf, titleOf, weightOf } from "../editor/draft";
import type { Planned } from "../editor/use-plan";
import type { TakesOf } from "../editor/use-takes";
import { PLAN_WORDS } from "../words";
import { AddButtons, type Adding } from "./AddButtons";
import { ClipMenu } from "./ClipMenu";
import styles from "./ClipStrip.module.css";
import { PlanMark } from "./PlanMark";

type Props = {
  clips: readonly DraftClip[];
  selected: string | null;
  rows: boolean;
  actions: ClipActions;
  planned: Planned;
  takesOf: TakesOf;
  /** The playhead; moved from outside, without a render. */
  playhead: RefObject<HTMLDivElement | null>;
  onAdd: (what: Adding) => void;
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
export function ClipStrip({ clips, selected, rows, actions, planned, takesOf, playhead, onAdd }: Props) {
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
              take={currentTake(takesOf(clip))}
            />
          ))}
          {!rows && <div ref={playhead} className={styles.playhead} hidden aria-hidden="true" />}
        </ol>
        <AddButtons rows={rows} onAdd={onAdd} />
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
  take?: Take;
};

const ClipItem = memo(function ClipItem(props: ItemProps) {
  const { clip, index, count, rows, chosen, reachable, actions, plan, take } = props;
  const { ref, handleRef, isDragging } = useSortable({
    id: clip.key,
    index,
    transition: { duration: 160, easing: "ease-out" },
  });
  const prompt = lacksVideo(clip) ? clip.prompt : null;
  const span = spanOf(clip, take, rows);
  const problem = clip.problem && !rows && !prompt ? `. ${clip.problem.message}` : "";
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
      {prompt && !rows ? (
        <PromptFace text={prompt.text} take={take} />
      ) : (
        <>
          <span className={styles.poster}>
            {prompt ? (
              <span className={styles.spark} />
            ) : (
              <Poster url={clip.video?.poster_url} state={clip.video?.state} />
            )}
          </span>
          <span className={styles.words}>
            <span className={styles.name}>
              {clip.problem && !prompt && <ErrorIcon size={13} />}
              {titleOf(clip)}
            </span>{" "}
            {prompt ? <StateBadge state={clipStateOf(take)} plain /> : <span className={styles.span}>{span}</span>}
          </span>
        </>
      )}
      {!prompt && take && isActiveTake(take) && (
        <span className={styles.news}>
          <StateBadge state={stateKey(take.state)} plain />
        </span>
      )}
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
      data-problem={prompt ? undefined : clip.problem?.code}
      data-prompt={prompt ? clipStateOf(take) : undefined}
      data-dragging={isDragging || undefined}
      style={rows ? undefined : { flexGrow: Math.max(weightOf(clip), 0.1), flexBasis: 0 }}
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

/** The span of a clip, its problem, or the state of a clip that has no video yet. */
function spanOf(clip: DraftClip, take: Take | undefined, rows: boolean): string {
  if (lacksVideo(clip) && clip.prompt) return STATES[clipStateOf(take)]?.word ?? "";
  if (!rows) return duration(lengthOf(clip));
  return clip.problem?.message ?? `${timecode(clip.start_s)} to ${timecode(endOf(clip))}`;
}

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
