import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { currentTake } from "@/features/generate/takes";
import type { ClipActions } from "../editor/clip-actions";
import type { Layout, Placed } from "../editor/times";
import type { Planned } from "../editor/use-plan";
import type { TakesOf } from "../editor/use-takes";
import { ClipBlock } from "./ClipBlock";
import styles from "./Timeline.module.css";
import type { useMove } from "./use-move";
import { useStable } from "./use-stable";
import type { Trim } from "./use-trim";
import { PAD, type Shown, within } from "./use-window";

type Props = {
  box: RefObject<HTMLDivElement | null>;
  trim: Trim;
  move: ReturnType<typeof useMove>;
  scale: number;
  shown: Shown;
  /** The clip in the player and the inspector. */
  chosen: string | null;
  selection: ReadonlySet<string>;
  actions: ClipActions;
  planned: Planned;
  takesOf: TakesOf;
};

const GAP_PX = 2;

/** The clips to scale. Those out of view are not drawn, but for the one that is reached by Tab. */
export function ClipLane(props: Props) {
  const { box, trim, move, scale, shown, chosen, selection, actions, planned, takesOf } = props;
  const { placed } = trim.along;
  const list = useRef<HTMLOListElement>(null);
  const focus = useRef<string | null>(null);
  const isDrawn = ({ clip, start, end }: Placed) =>
    (PAD + end * scale >= shown.from && PAD + start * scale <= shown.to) ||
    clip.key === chosen ||
    move.held.has(clip.key);
  const onKey = useKeys(placed, actions, focus);
  useShowing(box, trim.along, scale, chosen, trim.trimming !== null);
  useLayoutEffect(() => {
    if (focus.current === null) return;
    const button = list.current?.querySelector<HTMLElement>(`[data-clip="${focus.current}"] button`);
    if (!button) return;
    focus.current = null;
    button.focus({ preventScroll: true });
  });
  return (
    <ol ref={list} className={styles.clips} aria-label="Clips">
      {placed.filter(isDrawn).map(({ clip, index, start, end, overlap }) => {
        const left = PAD + start * scale + (trim.shift.px !== 0 && index >= trim.shift.from ? trim.shift.px : 0);
        const { from, to } = within(shown, left);
        const width = Math.max(3, (end - start) * scale - GAP_PX);
        return (
          <ClipBlock
            key={clip.key}
            clip={clip}
            index={index}
            count={placed.length}
            left={left}
            width={width}
            overlap={overlap * scale}
            scale={scale}
            shownFrom={Math.max(0, from)}
            shownTo={Math.min(width, to)}
            chosen={clip.key === chosen}
            selected={selection.has(clip.key)}
            reachable={clip.key === chosen || (!chosen && index === 0)}
            held={move.held.has(clip.key)}
            actions={actions}
            plan={planned?.of(clip)?.action}
            take={currentTake(takesOf(clip))}
            onPress={move.begin}
            onTrim={trim.begin}
            onKey={onKey}
          />
        );
      })}
    </ol>
  );
}

/** Arrow keys select clips, with Shift more of them; with Alt they move the clip; Delete removes it. */
function useKeys(placed: readonly Placed[], actions: ClipActions, focus: RefObject<string | null>) {
  return useStable((event: KeyboardEvent<HTMLElement>, key: string) => {
    const at = placed.findIndex(({ clip }) => clip.key === key);
    const to = {
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      Home: 0,
      End: placed.length - 1,
    }[event.key];
    const isDelete = event.key === "Delete" || event.key === "Backspace";
    if (event.ctrlKey || event.metaKey || (to === undefined && !isDelete)) return;
    event.preventDefault();
    const next = placed[to ?? -1]?.clip.key;
    if (isDelete) {
      focus.current = (placed[at + 1] ?? placed[at - 1])?.clip.key ?? null;
      actions.remove(key);
    } else if (event.altKey && to !== undefined) {
      focus.current = key;
      actions.move(key, to - at);
    } else if (next) {
      focus.current = next;
      if (event.shiftKey) actions.selectMore(next, "range");
      else actions.select(next);
    }
  });
}

/** Scroll a clip into view when it becomes the chosen one, or is moved. */
function useShowing(
  box: RefObject<HTMLDivElement | null>,
  { placed }: Layout,
  scale: number,
  chosen: string | null,
  trimming: boolean,
): void {
  const place = placed.find(({ clip }) => clip.key === chosen);
  const index = place?.index;
  const newest = useRef({ place, scale, trimming });
  newest.current = { place, scale, trimming };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another clip or another position scrolls
  useEffect(() => {
    const { place: at, scale: by, trimming: busy } = newest.current;
    const { current } = box;
    if (!at || !current || busy) return;
    const [left, right] = [PAD + at.start * by, PAD + at.end * by];
    const view = current.clientWidth;
    if (left < current.scrollLeft) current.scrollLeft = left - PAD;
    else if (right > current.scrollLeft + view) current.scrollLeft = Math.min(left - PAD, right + PAD - view);
  }, [box, chosen, index]);
}
