import type Hls from "hls.js";
import type { ErrorData, Level } from "hls.js";
import { qualityName } from "@/lib/format";
import { loadPart } from "@/lib/load-part";
import type { LiveEdge } from "./live-edge";
import { StreamSignature } from "./stream-signature";

const AUTO = -1;
const SEGMENTS_BEHIND = 2; // of a stream that grows: where playback begins, before its end
const PARTS_BEHIND = 6; // the same with low latency
const HALF_MS = 0.0005; // browsers round times to the microsecond
const UNDECODABLE = [
  "manifestIncompatibleCodecsError",
  "bufferIncompatibleCodecsError",
  "bufferAddCodecError",
] as readonly string[];

type Quality = { level: number; name: string };

export type StreamEvents = {
  qualitiesListed: (names: readonly string[]) => void;
  /** The audio tracks, the one that plays first. */
  audioListed: (names: readonly string[]) => void;
  /** It was refused or can't be read: a new URL is needed. */
  failed: () => void;
  /** The browser has no decoder for anything in it. */
  undecodable: () => void;
};

type Options = { at: () => number; quality: string | null; audioTrack: string | null };

/** One HLS stream on a media element. hls.js is loaded with the first one. */
export class Stream {
  readonly #element: HTMLVideoElement;
  readonly #events: StreamEvents;
  readonly #path: string;
  readonly #signature: StreamSignature;
  #hls: Hls | null = null;
  #levels: readonly Quality[] = [];
  #quality: string | null;
  #audioTrack: string | null;
  #first = 0; // frames before it belong to the GOP that a trim cut open
  #grows = false; // or did when it was loaded
  #closed = false;
  #awaitsUrl = false; // what fails meanwhile fails for the same reason
  #spoiled = false; // only a new stream helps
  #recovered = false;

  constructor(element: HTMLVideoElement, path: string, { at, quality, audioTrack }: Options, events: StreamEvents) {
    this.#element = element;
    this.#path = path;
    this.#quality = quality;
    this.#audioTrack = audioTrack;
    this.#events = events;
    this.#signature = new StreamSignature(path);
    element.addEventListener("seeking", this.#stayInside);
    void loadPart(() => import("hls.js")).then(({ default: Player }) => this.#open(Player, at), this.#fail);
  }

  /** Continue with a new signature of the same stream; false where only a new stream helps. */
  renew(path: string): boolean {
    if (!this.#hls || this.#spoiled || nameOf(path) !== nameOf(this.#path)) return false;
    this.#awaitsUrl = false;
    this.#signature.renew(path);
    this.#hls.startLoad();
    return true;
  }

  /** Hold to a quality; false where the stream doesn't list it. */
  hold(quality: string | null): boolean {
    this.#quality = quality;
    if (!this.#hls || !this.#levels.length) return true; // the playlist is still loading
    const level = this.#level();
    if (quality !== null && level === AUTO) return false;
    this.#hls.currentLevel = level;
    return true;
  }

  /** Play one of the listed audio tracks; null plays the first. */
  hear(audioTrack: string | null): void {
    this.#audioTrack = audioTrack;
    if (!this.#hls?.audioTracks.length) return;
    const place = this.#hls.audioTracks.findIndex(({ name }) => name === audioTrack);
    this.#hls.audioTrack = Math.max(0, place);
  }

  /** Move the start while nothing is loaded yet. */
  startAt(seconds: number): void {
    if (!this.#hls) return;
    this.#hls.config.startPosition = seconds;
    this.#hls.startLoad(seconds);
  }

  /** Where the stream ends while it grows. */
  liveEdge(): LiveEdge | null {
    const details = this.#hls?.latestLevelDetails;
    if (!details?.live) return null;
    const { edge, partTarget, targetduration } = details;
    const behind = partTarget ? PARTS_BEHIND * partTarget : SEGMENTS_BEHIND * targetduration;
    return { sync: Math.max(this.#firstOfAll(), edge - behind), end: edge, target: targetduration };
  }

  close(): void {
    this.#closed = true;
    this.#element.removeEventListener("seeking", this.#stayInside);
    this.#hls?.destroy();
  }

  #open(Player: typeof Hls, at: () => number): void {
    if (this.#closed) return;
    if (!Player.isSupported()) {
      this.#element.src = this.#path; // Safari plays streams by itself
      return;
    }
    this.#hls = new Player({
      enableWorker: false,
      startPosition: at() || -1, // without a start of its own, the playlist says where it begins
      liveSyncDurationCount: SEGMENTS_BEHIND,
      backBufferLength: 60,
      // captions are tracks of the element, whether it plays a stream or a file
      subtitleTrackController: undefined,
      subtitleStreamController: undefined,
      timelineController: undefined,
      maxMaxBufferLength: 60, // without it, ten minutes of a small video are loaded
      xhrSetup: (request, url) => request.open("GET", this.#signature.fresh(url), true),
    });
    this.#listen(this.#hls, Player);
    this.#hls.loadSource(this.#path);
    this.#hls.attachMedia(this.#element);
  }

  #listen(hls: Hls, { Events }: typeof Hls): void {
    hls.on(Events.MANIFEST_PARSED, (_, { levels }) => {
      this.#levels = qualitiesOf(levels);
      this.#events.qualitiesListed(this.#levels.map(({ name }) => name));
      hls.currentLevel = this.#level();
    });
    hls.on(Events.AUDIO_TRACKS_UPDATED, (_, { audioTracks }) => {
      this.#events.audioListed(audioTracks.map(({ name }) => name));
      if (this.#audioTrack !== null) this.hear(this.#audioTrack);
    });
    hls.on(Events.LEVEL_LOADED, (_, { details }) => {
      this.#grows ||= details.live;
      this.#first = details.startTimeOffset ?? 0;
    });
    hls.on(Events.LEVEL_PTS_UPDATED, () => this.#element.seeking && this.#stayInside());
    hls.on(Events.LEVEL_SWITCHED, () => {
      if (this.#element.paused) this.#element.currentTime += 0; // a paused frame is only decoded again by a seek
    });
    hls.on(Events.ERROR, (_, data) => this.#failed(hls, data));
  }

  #failed(hls: Hls, { fatal, type, details, response, networkDetails }: ErrorData): void {
    const refused = response?.code === 403;
    if ((!fatal && !refused) || this.#awaitsUrl) return;
    const url = networkDetails instanceof XMLHttpRequest ? networkDetails.responseURL : "";
    if (fatal && UNDECODABLE.includes(details)) {
      this.#events.undecodable();
    } else if (refused && this.#signature.isOld(url)) {
      hls.startLoad(); // it was requested before the new URL came
    } else if (type === "mediaError" && !this.#recovered) {
      this.#recovered = true;
      hls.recoverMediaError();
    } else {
      this.#spoiled = type !== "networkError" || !hls.levels.length || (refused && !this.#signature.signs(url));
      this.#fail();
    }
  }

  #fail = (): void => {
    if (this.#closed) return;
    this.#awaitsUrl = true;
    this.#events.failed();
  };

  #stayInside = (): void => {
    const first = this.#grows ? this.#firstOfAll() : this.#first;
    if (this.#element.currentTime < first - HALF_MS) this.#element.currentTime = first;
  };

  /** Where a stream that grows begins: for a place before it, even by a microsecond, hls.js loads nothing. */
  #firstOfAll(): number {
    const begin = this.#hls?.latestLevelDetails?.fragmentStart ?? 0;
    return begin > 0 ? begin + 2 * HALF_MS : 0;
  }

  #level(): number {
    return this.#levels.find(({ name }) => name === this.#quality)?.level ?? AUTO;
  }
}

const nameOf = (path: string): string | undefined => path.split("?")[0];

/** The levels by the name of their quality, the largest first. */
export function qualitiesOf(levels: readonly Pick<Level, "width" | "height" | "videoCodec" | "uri">[]): Quality[] {
  const named = levels.map(({ width, height, videoCodec, uri }, level) => ({
    level,
    uri,
    side: Math.min(width, height),
    name: qualityName(width, height, videoCodec),
  }));
  const isDouble = (name: string) => named.filter((other) => other.name === name).length > 1;
  return named
    .sort((a, b) => b.side - a.side)
    .map(({ level, uri, name }) => ({
      level,
      name: uri.includes("/video.m3u8") && isDouble(name) ? `${name} original` : name,
    }));
}
