import { type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useMemo } from "react";
import { captionTrackQuery } from "@/features/captions/api/get-captions";
import { videoQuery } from "@/features/videos/api/get-video";
import type { CaptionTrackWithCues } from "@/gen";
import type { ReelEdit } from "../editor/effects";
import type { Layout } from "../editor/times";
import type { Panel } from "../editor/use-stage";
import { MusicIcon } from "./icons";
import { captionBlocks, musicLength, tracksShown } from "./lanes";
import styles from "./Timeline.module.css";
import { PAD, type Shown } from "./use-window";

type Props = {
  edit: ReelEdit;
  along: Layout;
  scale: number;
  shown: Shown;
  /** Select a clip (null: the reel) and open a panel of the inspector. */
  onOpen: (panel: Panel, key: string | null) => void;
};

/** The lanes under the clips: captions and music, as far as there are any. */
export function Lanes(props: Props) {
  const { edit, along } = props;
  const hasCaptions = (edit.captions.cues ?? []).length > 0 || along.placed.some(({ clip }) => clip.captions);
  return (
    <>
      {hasCaptions && <CaptionLane {...props} />}
      {edit.music && <MusicLane {...props} music={edit.music} />}
    </>
  );
}

function CaptionLane({ edit, along, scale, shown, onOpen }: Props) {
  const [from, to] = [(shown.from - PAD) / scale, (shown.to - PAD) / scale];
  const wanted = useMemo(() => tracksShown(along, from, to), [along, from, to]);
  const tracks = useQueries({
    queries: wanted.map(({ video, track }) => ({ ...captionTrackQuery(video, track), retry: false })),
    combine: cuesByTrack,
  });
  const blocks = useMemo(
    () => captionBlocks(along, edit.captions, from, to, tracks),
    [along, edit.captions, from, to, tracks],
  );
  return (
    <div className={styles.lane} role="group" aria-label="Captions" onKeyDown={step}>
      {blocks.map(({ id, key, start, end, text }, n) => (
        <button
          key={id}
          type="button"
          className={styles.cue}
          data-reel={key === null || undefined}
          style={{ left: PAD + start * scale, width: Math.max(2, (end - start) * scale - 1) }}
          tabIndex={n === 0 ? 0 : -1}
          aria-label={`Caption: ${text}`}
          title={text}
          onClick={() => onOpen("captions", key)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

const cuesByTrack = (found: UseQueryResult<CaptionTrackWithCues>[]) =>
  new Map(found.flatMap(({ data }) => (data ? [[data.id, data.cues] as const] : [])));

/** The caption before or after the focused one. */
function step(event: KeyboardEvent): void {
  const { activeElement } = document;
  const next = { ArrowLeft: activeElement?.previousElementSibling, ArrowRight: activeElement?.nextElementSibling }[
    event.key
  ];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}

function MusicLane({ along, scale, onOpen, music }: Props & { music: NonNullable<ReelEdit["music"]> }) {
  const { data: video } = useQuery(videoQuery(music.video_id));
  const { fade_in_s: fadeIn = 0, fade_out_s: fadeOut = 0 } = music;
  const length = musicLength(music, video?.duration_s ?? null, along.total);
  const width = Math.max(2, length * scale - 2);
  const slope = (seconds: number) => Math.min(width / 2, seconds * scale);
  const shape = `M0 26 L${slope(fadeIn)} 0 L${width - slope(fadeOut)} 0 L${width} 26 Z`;
  return (
    <div className={styles.lane} role="group" aria-label="Music">
      <button
        type="button"
        className={styles.music}
        style={{ left: PAD, width }}
        aria-label={`Music: ${video?.title ?? "a deleted video"}`}
        onClick={() => onOpen("music", null)}
      >
        <svg width={width} height={26} viewBox={`0 0 ${width} 26`} aria-hidden="true" focusable="false">
          <path d={shape} />
        </svg>
        <span className={styles.musicName}>
          <MusicIcon size={14} /> {video?.title ?? "Music"}
        </span>
      </button>
    </div>
  );
}
