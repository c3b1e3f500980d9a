import { Accessibility, PointerActivationConstraints, PointerSensor } from "@dnd-kit/dom";
import { DragDropProvider } from "@dnd-kit/react";
import { isSortable, useSortable } from "@dnd-kit/react/sortable";
import { type KeyboardEvent, memo } from "react";
import { GripIcon } from "@/components/edit-icons";
import { ErrorIcon } from "@/components/icons";
import { Poster } from "@/components/Poster";
import { StateBadge } from "@/components/StateBadge";
import { clipStateOf, currentTake, isActiveTake } from "@/features/generate/takes";
import { stateKey } from "@/features/generate/words";
import type { PlannedClip, Take } from "@/gen";
import { AddButtons, type Adding } from "../components/AddButtons";
import { ClipMenu } from "../components/ClipMenu";
import { PlanMark } from "../components/PlanMark";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, lacksVideo, titleOf } from "../editor/draft";
import type { Planned } from "../editor/use-plan";
import type { Stage } from "../editor/use-stage";
import type { TakesOf } from "../editor/use-takes";
import { PLAN_WORDS } from "../words";
import styles from "./ClipRows.module.css";
import { clipWords, rowWords } from "./clip-words";

type Props = {
  clips: readonly DraftClip[];
  stage: Stage;
  actions: ClipActions;
  planned: Planned;
  takesOf: TakesOf;
  onAdd: (what: Adding) => void;
};

// A drag starts after holding a finger, so that a tap stays a tap.
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

/** The clips as rows, on phones: every action is in a row's menu. */
export function ClipRows({ clips, stage, actions, planned, takesOf, onAdd }: Props) {
  const chosen = stage.shown?.key ?? null;
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
      <div>
        <ol className={styles.rows} aria-label="Clips">
          {clips.map((clip, index) => (
            <ClipRow
              key={clip.key}
              clip={clip}
              index={index}
              count={clips.length}
              chosen={clip.key === chosen}
              actions={actions}
              plan={planned?.of(clip)?.action}
              take={currentTake(takesOf(clip))}
              onSplit={stage.split}
            />
          ))}
        </ol>
        <AddButtons rows onAdd={onAdd} />
      </div>
    </DragDropProvider>
  );
}

type RowProps = {
  clip: DraftClip;
  index: number;
  count: number;
  chosen: boolean;
  actions: ClipActions;
  plan?: PlannedClip["action"];
  take?: Take;
  onSplit: () => void;
};

const ClipRow = memo(function ClipRow({ clip, index, count, chosen, actions, plan, take, onSplit }: RowProps) {
  const { ref, handleRef, isDragging } = useSortable({
    id: clip.key,
    index,
    transition: { duration: 160, easing: "ease-out" },
  });
  const prompt = lacksVideo(clip) ? clip.prompt : null;
  return (
    <li
      ref={ref}
      className={styles.item}
      data-clip={clip.key}
      data-chosen={chosen || undefined}
      data-problem={prompt ? undefined : clip.problem?.code}
      data-prompt={prompt ? clipStateOf(take) : undefined}
      data-dragging={isDragging || undefined}
    >
      <span ref={handleRef} className={styles.grip} aria-hidden="true">
        <GripIcon />
      </span>
      <button
        type="button"
        className={styles.face}
        aria-current={chosen}
        aria-label={clipWords(clip, index, count, take)}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
        aria-description={plan && `Will be ${PLAN_WORDS[plan]}`}
        onClick={() => actions.select(clip.key)}
        onKeyDown={(event) => press(event, clip.key, actions)}
      >
        <span className={styles.poster}>
          {prompt ? (
            <span className={styles.spark} />
          ) : clip.card ? (
            <span className={styles.card} style={{ background: clip.card.background, color: clip.card.colour }}>
              {clip.card.text}
            </span>
          ) : (
            <Poster url={clip.video?.poster_url ?? clip.image?.url} state={clip.video?.state} />
          )}
        </span>
        <span className={styles.words}>
          <span className={styles.name}>
            {clip.problem && !prompt && <ErrorIcon size={13} />}
            {titleOf(clip)}
          </span>{" "}
          {prompt ? (
            <StateBadge state={clipStateOf(take)} plain />
          ) : (
            <span className={styles.span}>{rowWords(clip, take)}</span>
          )}
        </span>
        {!prompt && take && isActiveTake(take) && <StateBadge state={stateKey(take.state)} plain />}
        {plan && (
          <span className={styles.mark}>
            <PlanMark action={plan} />
          </span>
        )}
      </button>
      <ClipMenu clip={clip} index={index} count={count} actions={actions} onSplit={chosen ? onSplit : undefined} />
    </li>
  );
});

/** With Alt, arrow keys move the clip; Delete removes it. */
function press(event: KeyboardEvent<HTMLButtonElement>, key: string, actions: ClipActions): void {
  const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    actions.remove(key);
  } else if (by && event.altKey) {
    event.preventDefault();
    actions.move(key, by);
    const button = event.currentTarget;
    requestAnimationFrame(() => button.focus());
  }
}
