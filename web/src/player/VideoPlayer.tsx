import { Button } from "@mantine/core";
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
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { RetryIcon } from "@/components/icons";
import { clock, codec as codecWord } from "@/lib/format";
import { asProblem, Problem } from "@/lib/problem";
import { CannotShow } from "./CannotShow";
import { fileOf, type Media, type Mint, streamOf } from "./media";
import { Notice } from "./Notice";
import { QualityMenu } from "./QualityMenu";
import { RateMenu } from "./RateMenu";
import { shapeOf } from "./shape";
import { isUnknownHere } from "./showable";
import { TimeDisplay } from "./TimeDisplay";
import { useFallback } from "./use-fallback";
import { usePlayerKeys } from "./use-player-keys";
import { useQualities } from "./use-qualities";
import { useRenewal } from "./use-renewal";
import { useResume } from "./use-resume";
import { useSource } from "./use-source";
import { useStill } from "./use-still";
import { useStream } from "./use-stream";
import styles from "./VideoPlayer.module.css";

export type PlayerHandle = {
  time: () => number;
  seek: (seconds: number) => void;
  play: () => void;
  pause: () => void;
};

type Props = {
  /** What is looked at; another one begins at its start. */
  videoId: string;
  /** Where it is read from when that is not the video's file; a change keeps the position. */
  media?: Media;
  /** Who gives the addresses of the video, when it is not played by its owner. */
  mint?: Mint;
  /** The audio track to be heard where it is not the file's first, which browsers play: the stream begins with it. */
  audio?: number | null;
  /** The video has smaller renditions to choose from. */
  ladder?: boolean;
  /** WebVTT of the pictures over the seek bar. */
  storyboard?: string | null;
  label: string;
  /** Of its pictures, by the server's name, for the words about a browser that has no decoder for it. */
  codec?: string | null;
  /** What can be done about a video that this browser cannot show. */
  help?: ReactNode;
  poster?: string | null;
  width?: number | null;
  height?: number | null;
  fps?: number | null;
  /** Plays this span of the video only, half-open, in seconds. */
  span?: { start: number; end: number };
  pip?: boolean;
  autoPlay?: boolean;
  /** Where it begins, in seconds; another value moves there. */
  startAt?: number | null;
  /** What the place is kept under, so that the next visit goes on there; without it none is kept. */
  resumeKey?: string;
  onTime?: (seconds: number) => void;
  onSpanEnd?: () => void;
  ref?: Ref<PlayerHandle>;
};

const BROKEN_AGAIN_MS = 8_000; // a second error this soon after a new address is not the address's fault

/** A video with our controls. The signed address is renewed before it ends and after an error, at the same position. */
export default function VideoPlayer({
  videoId,
  media,
  mint,
  audio = null,
  ladder = false,
  storyboard,
  label,
  codec,
  help,
  poster,
  width,
  height,
  fps,
  span,
  pip = true,
  autoPlay,
  startAt,
  resumeKey,
  onTime,
  onSpanEnd,
  ref,
}: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const controller = useRef<HTMLElement>(null);
  const keep = useRef<{ time: number | null; playing: boolean } | null>(null); // null: where it begins
  const renewedAt = useRef(0);
  const renewing = useRef(false); // what is refused meanwhile was asked of the old address
  const reached = useRef<number | null>(null); // an element that lost its source forgets where it was
  const failed = useRef(() => {});
  const [broken, setBroken] = useState<string | null>(null); // the key of what broke again
  const [unshown, setUnshown] = useState<ReadonlySet<string>>(new Set());
  const [streamed, setStreamed] = useState(audio !== null || ladder);
  const untouched = useRef(true); // nobody played it or chose how
  const wanted = useMemo(
    () => media ?? (streamed ? streamOf(videoId, mint, audio) : fileOf(videoId, mint)),
    [media, mint, audio, streamed, videoId],
  );
  const { played, rendition, looking, making } = useFallback({
    videoId,
    wanted,
    unshown,
    apart: media !== undefined,
    mint,
    ladder,
  });
  const refused = unshown.has(played.key);
  const { source: minted, problem, renew } = useSource(played);
  const source = refused ? null : minted;
  const { begin, resumed, forget } = useResume(video, resumeKey, startAt);
  const { canvas, hold, release } = useStill(video);

  const keepPlace = useCallback(() => {
    if (video.current) keep.current ??= { time: reached.current, playing: !video.current.paused };
  }, []);
  const renewHere = useCallback(() => {
    if (renewing.current) return;
    if (source?.kind === "file") hold();
    keepPlace();
    renewedAt.current = Date.now();
    setBroken(null);
    renewing.current = true;
    void renew().finally(() => void (renewing.current = false));
  }, [source?.kind, renew, hold, keepPlace]);
  const tryAgain = () => {
    setUnshown(new Set());
    renewHere();
  };
  const refuse = () => {
    keepPlace();
    video.current?.pause();
    setUnshown((before) => new Set([...before, played.key]));
  };
  useRenewal(video, source, renewHere);

  const {
    qualities: listed,
    quality,
    pick,
  } = useStream(video, source, {
    startAt: () => keep.current?.time ?? span?.start ?? begin(),
    onBroken: () => failed.current(),
    onUnknown: refuse,
    onMore: keepPlace,
    onKept: () => {
      keep.current = null;
      release();
    },
  });

  useEffect(() => {
    keep.current = null;
    setBroken(null);
    renewedAt.current = 0;
    reached.current = null;
  }, [videoId]);
  const qualities = useQualities(videoId, { owned: !mint, ladder, listed });
  const choose = (stream: boolean) => {
    untouched.current = false;
    setStreamed(stream);
  };
  useEffect(() => {
    untouched.current = true;
    pick(null);
  }, [videoId]);
  useEffect(() => {
    // Renditions that are made while somebody watches are offered; what plays is left alone.
    if (untouched.current) setStreamed(audio !== null || ladder);
  }, [videoId, audio, ladder]);

  const before = useRef({ videoId, key: played.key });
  useLayoutEffect(() => {
    // The same film out of another source: it goes on where it was. The element forgets, so it is noted before.
    const element = video.current;
    const { current } = before;
    before.current = { videoId, key: played.key };
    if (element && current.videoId === videoId && current.key !== played.key && !keep.current) {
      hold();
      keepPlace();
    }
  }, [videoId, played.key, hold, keepPlace]);

  useEffect(() => {
    const element = video.current;
    if (element && element.readyState >= element.HAVE_METADATA && typeof startAt === "number")
      element.currentTime = begin();
  }, [startAt]);

  useEffect(() => {
    if (problem || broken) release();
  }, [problem, broken, release]);

  const unstreamed = problem?.code === "hls_not_available" && !media;
  useEffect(() => {
    if (unstreamed) setStreamed(false); // the file plays its first audio track at least
  }, [unstreamed]);

  useEffect(() => {
    if (refused) video.current?.load(); // without an address: it lets go of what it has, so that no key plays the sound
  }, [refused]);
  const told = refused && !looking;
  useEffect(() => {
    if (told && keep.current) keep.current.playing = false; // a rendition that is made later waits until it is played
  }, [told]);

  const read = useRef<string | null>(null);
  useEffect(() => {
    // Addresses made within an hour are the same text: nothing but this would make one be read again.
    if (source?.kind === "file" && source.path === read.current && keep.current) video.current?.load();
    read.current = source?.path ?? null;
  }, [source]);

  const fullscreen = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void controller.current?.requestFullscreen?.().catch(() => undefined);
  }, []);
  usePlayerKeys(video, { fps, pip, fullscreen });
  useSpan(video, source?.path, span, onTime, onSpanEnd);

  useImperativeHandle(
    ref,
    () => ({
      time: () => video.current?.currentTime ?? 0,
      seek: (seconds) => {
        if (video.current) video.current.currentTime = seconds;
      },
      play: () => void video.current?.play().catch(() => undefined),
      pause: () => video.current?.pause(),
    }),
    [],
  );

  failed.current = () => {
    if (renewing.current) return;
    const original = played.kind === "file" && !media && !rendition;
    if (original && isUnknownHere(codec)) refuse();
    else if (Date.now() - renewedAt.current > BROKEN_AGAIN_MS) renewHere();
    else {
      setBroken(played.key);
      refuse();
    }
  };
  const note = () => {
    const element = video.current;
    if (element && element.readyState >= element.HAVE_METADATA && !keep.current) reached.current = element.currentTime;
  };
  const restore = () => {
    const element = video.current;
    if (!element) return;
    const left = keep.current;
    const at = left?.time ?? span?.start ?? begin();
    if (left || span || at > 0) element.currentTime = at;
    if (left?.playing) void element.play().catch(() => undefined);
    reached.current = at;
    keep.current = null;
  };
  const look = () => {
    if (source?.kind === "file" && video.current?.videoWidth === 0) refuse(); // sound alone: the pictures were passed over
  };

  const keepRate = () => {
    const element = video.current;
    if (element) element.defaultPlaybackRate = element.playbackRate; // what a new source is played at
  };
  const startOver = () => {
    if (video.current) video.current.currentTime = 0;
    forget();
  };

  const unknown = codec && codec !== "h264" ? codecWord(codec) : null; // else it is the container, or a rare kind of H.264
  const absent = unknown ? `${unknown}: not in this browser` : "Not in this browser";
  const instead = rendition
    ? `the ${codecWord(rendition.codec)} rendition`
    : played.kind === "stream"
      ? "a rendition"
      : "the original";
  const standIn = `This browser cannot ${played.kind === "file" && !rendition ? "play the stream" : `show ${unknown ?? "the original"}`}, so ${instead} plays.`;

  return (
    <div className={styles.player} style={shapeOf(width, height)}>
      <MediaController ref={controller as never} className={styles.controller} noHotkeys aria-label={label}>
        <video
          ref={video}
          slot="media"
          src={source?.kind === "file" ? source.path : undefined}
          poster={poster ?? undefined}
          preload="auto"
          playsInline
          autoPlay={autoPlay}
          aria-label={label}
          onError={() => video.current?.error && failed.current()}
          onLoadedMetadata={restore}
          onLoadedData={look}
          onPlay={() => void (untouched.current = false)}
          onTimeUpdate={note}
          onSeeking={note}
          onRateChange={keepRate}
        >
          {storyboard && <track key={storyboard} kind="metadata" label="thumbnails" src={storyboard} default />}
        </video>
        <canvas ref={canvas} hidden className={styles.still} aria-hidden="true" {...{ noautohide: "" }} />
        <MediaLoadingIndicator slot="centered-chrome" noAutohide />
        <MediaTimeRange className={styles.range} />
        <MediaControlBar className={styles.bar}>
          <MediaPlayButton />
          <MediaMuteButton />
          <MediaVolumeRange className={styles.volume} />
          <TimeDisplay video={video} />
          <span className={styles.gap} />
          {ladder && (
            <QualityMenu
              streamed={played.kind === "stream"}
              qualities={qualities}
              quality={quality}
              file={rendition?.name}
              without={unshown.has(fileOf(videoId).key) || isUnknownHere(codec) ? absent : undefined}
              onFile={() => choose(false)}
              onStream={(wanted) => {
                choose(true);
                pick(wanted);
              }}
            />
          )}
          <RateMenu video={video} />
          {pip && <MediaPipButton className={styles.pip} />}
          <MediaFullscreenButton />
        </MediaControlBar>
      </MediaController>
      <div className={styles.notices}>
        {played !== wanted && !refused && !problem && <Notice key={played.key}>{standIn}</Notice>}
        {resumed !== null && !problem && !refused && (
          <div className={styles.notice} role="status">
            Resumed at {clock(resumed)}{" "}
            <button type="button" onClick={startOver}>
              Start over
            </button>
          </div>
        )}
      </div>
      {(problem || told) && (
        <div className={styles.problem}>
          {told && broken === null ? (
            <CannotShow codec={unknown} owned={!mint} making={making} help={help} />
          ) : (
            <ErrorNote error={problem ? asProblem(problem) : UNPLAYABLE}>
              <Button size="xs" variant="default" leftSection={<RetryIcon size={14} />} onClick={tryAgain}>
                Try again
              </Button>
            </ErrorNote>
          )}
        </div>
      )}
    </div>
  );
}

const UNPLAYABLE = new Problem(0, {
  code: "unplayable",
  detail: "This browser could not play the video.",
  hint: "Its codec may be one the browser does not know; stitched reels play everywhere, and the file can be downloaded.",
});

/** Keep the player within a span, and tell the time as it goes, each frame while it plays. */
function useSpan(
  video: React.RefObject<HTMLVideoElement | null>,
  src: string | undefined,
  span: Props["span"],
  onTime: Props["onTime"],
  onSpanEnd: Props["onSpanEnd"],
): void {
  const told = useRef({ onTime, onSpanEnd, span });
  told.current = { onTime, onSpanEnd, span };
  useEffect(() => {
    const element = video.current;
    if (!element || !src) return;
    let frame = 0;
    const tell = () => told.current.onTime?.(element.currentTime);
    const tick = () => {
      const { span } = told.current;
      tell();
      if (span && !element.paused && element.currentTime >= span.end - 0.01) {
        element.pause();
        told.current.onSpanEnd?.();
        return;
      }
      frame = element.paused ? 0 : requestAnimationFrame(tick);
    };
    const start = () => {
      const { span } = told.current;
      if (span && (element.currentTime >= span.end - 0.05 || element.currentTime < span.start - 0.05))
        element.currentTime = span.start;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(tick);
    };
    const ended = () => told.current.span && told.current.onSpanEnd?.();
    const heard = { play: start, seeking: tell, timeupdate: tell, ended } as const;
    for (const [name, listener] of Object.entries(heard)) element.addEventListener(name, listener);
    return () => {
      cancelAnimationFrame(frame);
      for (const [name, listener] of Object.entries(heard)) element.removeEventListener(name, listener);
    };
  }, [video, src]);
}
