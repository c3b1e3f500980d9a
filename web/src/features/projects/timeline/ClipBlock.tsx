import { type KeyboardEvent, type MouseEvent, memo, type PointerEvent } from "react";
import { ErrorIcon } from "@/components/icons";
import { StateBadge } from "@/components/StateBadge";
import { PromptFace } from "@/features/generate/components/PromptFace";
import { clipStateOf, isActiveTake } from "@/features/generate/takes";
import { stateKey } from "@/features/generate/words";
import type { PlannedClip, Take } from "@/gen";
import { timecode } from "@/lib/format";
import { PlanMark } from "../components/PlanMark";
import type { ClipActions } from "../editor/clip-actions";
import { type DraftClip, endOf, lacksVideo, titleOf } from "../editor/draft";
import { PLAN_WORDS } from "../words";
import { clipWords } from "./clip-words";
import { Filmstrip } from "./Filmstrip";
import styles from "./Timeline.module.css";
import type { Edge } from "./use-trim";
import type { Shown } from "./use-window";
import { WAVE_HEIGHT, Waveform } from "./Waveform";

type Props = {
  clip: DraftClip;
  index: number;
  count: number;
  left: number;
  width: number;
  overlap: number; // pixels of a crossfade with the clip before
  scale: number;
  shownFrom: number;
  shownTo: number;
  chosen: boolean;
  selected: boolean;
  reachable: boolean;
  held: boolean;
  actions: ClipActions;
  plan?: PlannedClip["action"];
  take?: Take;
  onPress: (event: PointerEvent<HTMLElement>, key: string) => void;
  onTrim: (event: PointerEvent<HTMLElement>, key: string, edge: Edge) => void;
  onKey: (event: KeyboardEvent<HTMLElement>, key: string) => void;
};

const NARROW_PX = 44;

/** A clip on the timeline: pictures, waveform, name, and an edge at each end to trim it by. */
export const ClipBlock = memo(function ClipBlock(props: Props) {
  const { clip, index, count, left, width, chosen, selected, reachable, held, actions, plan, take } = props;
  const shown: Shown = { from: props.shownFrom, to: props.shownTo };
  const prompt = lacksVideo(clip) ? clip.prompt : null;
  const words = clipWords(clip, index, count, take);
  const click = (event: MouseEvent) => {
    if (event.shiftKey) actions.selectMore(clip.key, "range");
    else if (event.ctrlKey || event.metaKey) actions.selectMore(clip.key, "toggle");
    else actions.select(clip.key);
  };
  return (
    <li
      className={styles.block}
      data-clip={clip.key}
      data-chosen={chosen || undefined}
      data-selected={selected || undefined}
      data-problem={prompt ? undefined : clip.problem?.code}
      data-prompt={prompt ? clipStateOf(take) : undefined}
      data-dragging={held || undefined}
      data-narrow={width < NARROW_PX || undefined}
      aria-setsize={count}
      aria-posinset={index + 1}
      style={{ left, width }}
    >
      <button
        type="button"
        className={styles.face}
        tabIndex={reachable ? 0 : -1}
        aria-current={chosen}
        aria-pressed={selected}
        aria-label={words}
        aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Delete S"
        aria-description={plan && `Will be ${PLAN_WORDS[plan]}`}
        title={[words, plan && PLAN_WORDS[plan]].filter(Boolean).join(", ")}
        onClick={click}
        onKeyDown={(event) => props.onKey(event, clip.key)}
        onPointerDown={(event) => props.onPress(event, clip.key)}
      >
        {prompt ? (
          <PromptFace text={prompt.text} take={take} />
        ) : (
          <>
            <span className={styles.pictures}>
              <Filmstrip clip={clip} width={width} scale={props.scale} shown={shown} />
            </span>
            <span className={styles.words}>
              {clip.problem && <ErrorIcon size={13} />}
              <span className={styles.name}>{clip.card ? "" : titleOf(clip)}</span>
              {clip.speed !== 1 && <span className={styles.badge}>{clip.speed}×</span>}
              {clip.volume === 0 && <span className={styles.badge}>mute</span>}
            </span>
            <span className={styles.sound} style={{ height: WAVE_HEIGHT }}>
              {clip.video?.audio_codec && clip.video.state === "ready" && (
                <Waveform
                  videoId={clip.video.id}
                  track={clip.audio_track}
                  start={clip.start_s}
                  perPixel={clip.speed / props.scale}
                  volume={clip.volume}
                  width={width}
                  shown={shown}
                />
              )}
            </span>
          </>
        )}
        {props.overlap > 3 && <span className={styles.crossfade} style={{ width: props.overlap }} />}
        {!prompt && take && isActiveTake(take) && (
          <span className={styles.news}>
            <StateBadge state={stateKey(take.state)} plain />
          </span>
        )}
        {plan && width >= NARROW_PX && (
          <span className={styles.mark}>
            <PlanMark action={plan} />
          </span>
        )}
      </button>
      {!prompt && (
        <>
          <EdgeHandle {...props} edge="start" />
          <EdgeHandle {...props} edge="end" />
        </>
      )}
    </li>
  );
});

/** An edge of a clip: dragged, or moved by frames with the arrow keys. */
function EdgeHandle({ clip, edge, chosen, actions, onTrim }: Props & { edge: Edge }) {
  const at = edge === "start" ? clip.start_s : endOf(clip);
  const frame = 1 / (clip.video?.fps || 25);
  const press = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key];
    if (!direction || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    const to = at + direction * frame * (event.shiftKey ? 10 : 1);
    actions.trim(clip.key, edge === "start" ? { start: to } : { end: to });
  };
  return (
    <span
      role="slider"
      tabIndex={chosen ? 0 : -1}
      className={styles.edge}
      data-edge={edge}
      aria-label={`${edge === "start" ? "Start" : "End"} edge of ${titleOf(clip)}`}
      aria-valuemin={0}
      aria-valuemax={clip.video?.duration_s ?? 3600}
      aria-valuenow={at}
      aria-valuetext={timecode(at)}
      onPointerDown={(event) => onTrim(event, clip.key, edge)}
      onKeyDown={press}
    />
  );
}
