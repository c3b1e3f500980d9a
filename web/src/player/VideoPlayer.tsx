import {
  MediaControlBar,
  MediaController,
  MediaFullscreenButton,
  MediaLoadingIndicator,
  MediaMuteButton,
  MediaPipButton,
  MediaPlayButton,
  MediaTimeRange,
  MediaVolumeRange,
} from "media-chrome/react";
import {
  type CSSProperties,
  type ReactNode,
  type Ref,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import type { Chapter } from "@/gen";
import { codec as codecName } from "@/lib/format";
import { AudioMenu } from "./AudioMenu";
import { CaptionsMenu } from "./CaptionsMenu";
import { type CommentMark, CommentMarks } from "./CommentMarks";
import { type GapMark, GapMarks } from "./GapMarks";
import { keepChoice, keptChoices } from "./kept-choices";
import { LiveBadge } from "./LiveBadge";
import type { Media, Signer } from "./media";
import { PlayerNotices, PlayerProblem } from "./PlayerStatus";
import type { Player } from "./player";
import { QualityMenu } from "./QualityMenu";
import { RateMenu } from "./RateMenu";
import { shapeOf } from "./shape";
import { isUnknownHere } from "./showable";
import { TimeDisplay } from "./TimeDisplay";
import { type ShownTrack, useCaptions } from "./use-captions";
import { useChapters } from "./use-chapters";
import { useKeptRate } from "./use-kept-rate";
import { useLive } from "./use-live";
import { usePlayer } from "./use-player";
import { usePlayerKeys } from "./use-player-keys";
import { useQualities } from "./use-qualities";
import { useRenewal } from "./use-renewal";
import { useResume } from "./use-resume";
import { useSpan } from "./use-span";
import styles from "./VideoPlayer.module.css";

export type PlayerHandle = {
  time: () => number;
  seek: (seconds: number) => void;
  play: () => void;
  pause: () => void;
};

type Props = {
  /** The video; another one begins at its start. */
  videoId: string;
  /** What plays instead of the video's own file or stream; a change keeps the position. */
  media?: Media;
  /** Signs the URLs of the video where its viewer is not its owner. */
  signer?: Signer;
  /** The audio track to play where that is not the file's first, which browsers play: only a stream has it. */
  audio?: number | null;
  /** The video has smaller renditions to choose from. */
  ladder?: boolean;
  /** It has several audio tracks to choose from. */
  severalAudio?: boolean;
  /** It grows while it is watched: a recording. */
  live?: boolean;
  /** Places where something is missing, marked on the seek bar. */
  gaps?: readonly GapMark[];
  /** Comments, marked on the seek bar. */
  comments?: readonly CommentMark[];
  /** WebVTT of the thumbnails over the seek bar. */
  storyboard?: string | null;
  /** Titled places, marked on the seek bar. */
  chapters?: Chapter[];
  label: string;
  /** The codec of the video track, by the server's name. */
  codec?: string | null;
  /** What can be done about a video that this browser can't play. */
  help?: ReactNode;
  poster?: string | null;
  width?: number | null;
  height?: number | null;
  fps?: number | null;
  /** Limits playback to a half-open span, in seconds. */
  span?: { start: number; end: number };
  /** What is drawn over the picture, under the controls. */
  over?: ReactNode;
  /** How the picture lies in its frame. */
  picture?: CSSProperties;
  /** The speed to play at, where that is not the viewer's choice. */
  rate?: number;
  pip?: boolean;
  autoPlay?: boolean;
  /** The start, in seconds; a new value seeks there. */
  startAt?: number | null;
  /** The key of the position that is kept for the next visit; without a key none is kept. */
  resumeKey?: string;
  /** The position that the server has for this viewer; null for none. */
  left?: number | null;
  /** Takes the position at most every 10 s, on pause and at the end. */
  onLeave?: (seconds: number) => void;
  onTime?: (seconds: number) => void;
  onSpanEnd?: () => void;
  ref?: Ref<PlayerHandle>;
};

const NO_GAPS = [] as const;
const NO_COMMENTS = [] as const;

/** A video with our controls. */
export default function VideoPlayer({
  signer,
  audio = null,
  ladder = false,
  severalAudio = false,
  live = false,
  gaps = NO_GAPS,
  comments = NO_COMMENTS,
  codec,
  startAt,
  span,
  ref,
  ...props
}: Props) {
  const { videoId, media, width, height, label, pip = true } = props;
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const controller = useRef<HTMLElement>(null);
  const resume = useResume(video, { key: props.resumeKey, startAt, left: props.left, onLeave: props.onLeave });
  const begin = (duration: number) => span?.start ?? resume.begin(duration);
  const [preferred] = useState(keptChoices);
  const subject = { videoId, media, signer, audio, ladder, severalAudio, codec, preferred, startAt, begin };
  const [player, state] = usePlayer({ video, canvas }, subject);
  const fullscreen = useCallback(() => toggleFullscreen(controller.current), []);
  useRenewal(video, state.source, player.renew);
  const goLive = useCallback(() => player.goLive(), [player]);
  const edge = useLive(video, player, live);
  const captions = useCaptions(video, { videoId, signer, enabled: !live && !media });
  const keys = { fps: props.fps, pip, fullscreen, captions: captions.toggle, goLive: live ? goLive : undefined };
  usePlayerKeys(video, keys);
  useRate(video, props.rate);
  useKeptRate(video, !live && props.resumeKey !== undefined);
  useSpan(video, { span, onTime: props.onTime, onSpanEnd: props.onSpanEnd });
  const qualities = useQualities(videoId, { owned: !signer, ladder, listed: state.qualities });
  useImperativeHandle(ref, () => handleOf(player), [player]);

  // with H.264 the container or a rare profile is to blame
  const unknownCodec = codec && codec !== "h264" ? codecName(codec) : null;
  const noOriginal = unknownCodec ? `${unknownCodec}: not supported by this browser` : "Not supported by this browser";
  const startOver = () => {
    player.seek(0);
    resume.dismiss();
  };
  return (
    <div className={styles.player} style={shapeOf(width, height)}>
      <MediaController ref={controller as never} className={styles.controller} noHotkeys aria-label={label}>
        <Video {...props} ref={video} player={player} captions={captions.tracks} />
        <canvas ref={canvas} hidden className={styles.still} {...{ noautohide: "" }} />
        {props.over && (
          <div className={styles.over} {...{ noautohide: "" }}>
            {props.over}
          </div>
        )}
        <MediaLoadingIndicator slot="centered-chrome" noAutohide />
        <div className={styles.seek}>
          <MediaTimeRange className={styles.range} />
          {gaps.length > 0 && <GapMarks gaps={gaps} video={video} />}
          {comments.length > 0 && <CommentMarks marks={comments} video={video} onSeek={(at) => player.seek(at)} />}
        </div>
        <MediaControlBar className={styles.bar}>
          <MediaPlayButton />
          <MediaMuteButton />
          <MediaVolumeRange className={styles.volume} />
          <TimeDisplay video={video} />
          {edge && <LiveBadge live={edge} onGoLive={goLive} />}
          <span className={styles.gap} />
          {ladder && (
            <QualityMenu
              streamed={state.kind === "stream"}
              qualities={qualities}
              quality={state.quality}
              file={state.standIn?.rendition?.name}
              without={state.originalFails || isUnknownHere(codec) ? noOriginal : undefined}
              onFile={() => {
                keepChoice({ original: true, quality: null });
                player.chooseFile();
              }}
              onStream={(quality) => {
                keepChoice({ original: false, quality });
                player.chooseStream(quality);
              }}
            />
          )}
          {state.kind === "stream" && state.audioTracks.length > 1 && (
            <AudioMenu
              tracks={state.audioTracks}
              chosen={state.audioTrack}
              onChoose={(track) => player.chooseAudio(track)}
            />
          )}
          {captions.tracks.length > 0 && (
            <CaptionsMenu tracks={captions.tracks} shown={captions.shown} onChoose={captions.choose} />
          )}
          <RateMenu video={video} />
          {pip && <MediaPipButton className={styles.pip} />}
          <MediaFullscreenButton />
        </MediaControlBar>
      </MediaController>
      <PlayerNotices state={state} codec={unknownCodec} resume={resume} onStartOver={startOver} />
      <PlayerProblem state={state} codec={unknownCodec} owned={!signer} help={props.help} onRetry={player.retry} />
    </div>
  );
}

type VideoProps = Pick<Props, "label" | "poster" | "picture" | "autoPlay" | "storyboard" | "chapters"> & {
  ref: RefObject<HTMLVideoElement | null>;
  player: Player;
  captions: readonly ShownTrack[];
};

/** The media element; its source is the player's business, its events are forwarded. */
function Video({ ref, player, captions, label, poster, picture, autoPlay, storyboard, chapters }: VideoProps) {
  const places = useChapters(chapters);
  return (
    // biome-ignore lint/a11y/useMediaCaption: captions are tracks of the video, where it has some
    <video
      ref={ref}
      slot="media"
      poster={poster ?? undefined}
      style={picture}
      preload="auto"
      playsInline
      autoPlay={autoPlay}
      aria-label={label}
      onError={({ currentTarget }) => currentTarget.error && player.failed()}
      onLoadedMetadata={player.metadataLoaded}
      onLoadedData={({ currentTarget }) => player.frameLoaded(currentTarget.videoWidth)}
      onPlay={player.played}
      onTimeUpdate={({ currentTarget }) => report(currentTarget, player)}
      onSeeking={({ currentTarget }) => report(currentTarget, player)}
      onRateChange={({ currentTarget }) => keepRate(currentTarget)}
    >
      {storyboard && <track key={storyboard} kind="metadata" label="thumbnails" src={storyboard} default />}
      {captions.map(({ id, url, kind, label, language }) => (
        <track key={url} id={id} kind={kind} label={label} srcLang={language} src={url} />
      ))}
      {places && <track key={places} kind="chapters" label="Chapters" src={places} default />}
    </video>
  );
}

/** Report the time, unless the element has lost its source and with it the time. */
function report({ readyState, currentTime }: HTMLVideoElement, player: Player): void {
  if (readyState >= HTMLMediaElement.HAVE_METADATA) player.moved(currentTime);
}

/** Play at a speed that is given. */
function useRate(video: RefObject<HTMLVideoElement | null>, rate: number | undefined): void {
  useEffect(() => {
    if (video.current && rate !== undefined) video.current.playbackRate = rate;
  }, [video, rate]);
}

/** The rate of playback is that of the next source too. */
function keepRate(video: HTMLVideoElement): void {
  video.defaultPlaybackRate = video.playbackRate;
}

function toggleFullscreen(element: HTMLElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void element?.requestFullscreen?.().catch(() => undefined);
}

const handleOf = (player: Player): PlayerHandle => ({
  time: () => player.time(),
  seek: (seconds) => player.seek(seconds),
  play: () => player.play(),
  pause: () => player.pause(),
});
