import type { Rendition } from "@/gen";
import { Cell } from "@/lib/cell";
import { asProblem, type Problem } from "@/lib/problem";
import type { LiveEdge } from "./live-edge";
import { fileOf, type Media, type SignedUrl, type Signer, streamOf } from "./media";
import type { Output, Source } from "./output";
import { isUnknownHere } from "./showable";
import { isMaking, listedStandIns, type StandIn, sharedStandIns } from "./stand-ins";

/** Where playback stands; a null time is the start of the video. */
type Place = { time: number | null; playing: boolean };

type Preferred = { original: boolean; quality: string | null };

/** What is played, for whom, and where it begins. */
export type Subject = {
  videoId: string;
  /** Something other than the video; no file or rendition of the video can replace it. */
  media?: Media;
  /** Signs the URLs for viewers other than the owner. */
  signer?: Signer;
  /** The audio track to play where that is not the file's first. */
  audio: number | null;
  ladder: boolean;
  /** There are several audio tracks: only a stream offers them. */
  severalAudio?: boolean;
  codec?: string | null;
  /** What the viewer chose for videos before: the original, or a quality of the stream. */
  preferred?: Preferred;
  startAt?: number | null;
  /** The start in seconds; the duration is NaN while it is unknown. */
  begin: (duration: number) => number;
};

/**
 * - `loading`: the first URL of the media is being signed
 * - `ready`: a source is attached
 * - `renewing`: a source is attached and its URL is being replaced
 * - `refused`: no URL was given; `problem` says why
 * - `searching`: the browser can't play the media, and the renditions are not listed yet
 * - `unplayable`: the browser can't play the media nor anything else of the video
 */
export type Phase = "loading" | "ready" | "renewing" | "refused" | "searching" | "unplayable";

export type PlayerState = {
  phase: Phase;
  kind: Media["kind"];
  source: Source | null;
  /** Set while something plays instead of the wanted media. */
  standIn: StandIn | null;
  problem: Problem | null;
  /** Playback failed twice, so the codec is not to blame. */
  broken: boolean;
  /** The original was found to be unplayable. */
  originalFails: boolean;
  /** The renditions have to be listed to go on. */
  needsRenditions: boolean;
  /** A rendition that the browser can play is being made. */
  making: boolean;
  /** The qualities that the stream lists, the largest first. */
  qualities: readonly string[];
  /** The quality that the stream is held to; null adapts to the connection. */
  quality: string | null;
  /** The audio tracks that the stream lists, the default one first. */
  audioTracks: readonly string[];
  /** The chosen one of them; null for the default. */
  audioTrack: string | null;
};

const BROKEN_AGAIN_MS = 8_000; // a second error this soon after a new URL is not the URL's fault

/**
 * The playback of a video: which media is loaded, from which signed URL, and what replaces either when it fails.
 *
 * URLs are replaced before they expire and after an error, and a media that the browser can't decode by another one of the
 * same video, always at the same position. Knows nothing of React; the media element is behind `Output`.
 */
export class Player {
  readonly state: Cell<PlayerState>;
  readonly #now: () => number;
  #output: Output | null = null;
  #subject: Subject;
  #media: Media;
  #streamed: boolean;
  #untouched = true; // nobody has played it or chosen a quality
  #unplayable: ReadonlySet<string> = new Set(); // keys of media
  #renditions: readonly Rendition[] | null = null;
  #ticket = 0; // only the newest request for a URL counts
  #renewedAt = Number.NEGATIVE_INFINITY;
  #loaded = false; // the metadata of the current media
  #reached: number | null = null; // an element that lost its source forgets its time
  #place: Place | null = null; // where the next source begins; null: at the start

  constructor(subject: Subject, now: () => number = Date.now) {
    this.#now = now;
    this.#subject = subject;
    this.#streamed = streamsFirst(subject);
    this.#media = this.#wanted();
    this.state = new Cell<PlayerState>({
      phase: "loading",
      kind: this.#media.kind,
      source: null,
      standIn: null,
      problem: null,
      broken: false,
      originalFails: false,
      needsRenditions: false,
      making: false,
      qualities: [],
      quality: subject.preferred?.quality ?? null,
      audioTracks: [],
      audioTrack: null,
    });
  }

  /** Begin to play on an output; returns how to stop. */
  connect(output: Output): () => void {
    this.#output = output;
    this.#load(this.#media);
    return () => {
      this.#ticket++;
      output.detach();
      this.#output = null;
    };
  }

  /** Change what is played. The same video keeps its position, another one begins at its start. */
  show(subject: Subject): void {
    const before = this.#subject;
    this.#subject = subject;
    if (subject.videoId !== before.videoId) this.#reset();
    if (this.#untouched) this.#streamed = streamsFirst(subject); // a ladder that is made meanwhile is offered
    this.#select();
    const moved = subject.startAt !== before.startAt && typeof subject.startAt === "number";
    if (moved && this.#loaded) this.#output?.seek(this.#start());
  }

  /** The list of the video's renditions; null while it is loading. */
  list(renditions: readonly Rendition[] | null): void {
    this.#renditions = renditions;
    this.#select();
  }

  /** Play the original. */
  chooseFile(): void {
    this.#choose(false);
  }

  /** Play the stream at a quality; null adapts to the connection. */
  chooseStream(quality: string | null): void {
    this.#set({ quality });
    const { key } = this.#media;
    this.#choose(true);
    const { source } = this.state.get();
    const isSame = this.#media.key === key && this.#media.kind === "stream";
    const becameReadyLater = isSame && source && this.#output?.hold(quality) === false;
    if (becameReadyLater) this.#attach(source);
  }

  /** Play one of the listed audio tracks. */
  chooseAudio(audioTrack: string): void {
    this.#set({ audioTrack });
    this.#output?.hear(audioTrack);
  }

  /** Replace the URL at the same position. */
  renew = (): void => {
    if (this.#isSigning()) return;
    this.#renewedAt = this.#now();
    this.#request("renewing");
  };

  /** Start again from nothing, after a failure. */
  retry = (): void => {
    this.#unplayable = new Set();
    this.#set({ broken: false });
    this.#select();
    this.#renewedAt = this.#now();
    if (!this.#isSigning()) this.#request(this.state.get().source ? "renewing" : "loading");
  };

  /** Playback failed: the URL was refused, or the media can't be read. */
  failed = (): void => {
    const { phase, kind, standIn } = this.state.get();
    if (phase !== "ready") return; // while a URL is being signed, the old one is to blame
    const isOriginal = kind === "file" && !this.#subject.media && !standIn?.rendition;
    this.#keepPlace();
    if (isOriginal && isUnknownHere(this.#subject.codec)) this.undecodable();
    else if (this.#now() - this.#renewedAt > BROKEN_AGAIN_MS) this.renew();
    else {
      this.#set({ broken: true });
      this.undecodable();
    }
  };

  /** The browser has no decoder for the media. */
  undecodable = (): void => {
    if (this.state.get().phase === "loading") return; // it is about the source before
    this.#keepPlace();
    this.#output?.pause();
    this.#unplayable = new Set([...this.#unplayable, this.#media.key]);
    this.#select();
  };

  /** The duration and the size of the source are known. */
  metadataLoaded = (): void => {
    const output = this.#output;
    if (!output || this.state.get().phase === "loading") return; // of the source before
    const at = this.#start();
    if (this.#place || at > 0) output.seek(at);
    if (this.#place?.playing) output.play();
    this.#reached = at;
    this.#place = null;
    this.#loaded = true;
  };

  /** The first frame is decoded; without a width the browser has passed over the video track. */
  frameLoaded = (width: number): void => {
    if (this.#loaded && this.state.get().kind === "file" && width === 0) this.undecodable();
  };

  moved = (seconds: number): void => {
    if (this.#loaded) this.#reached = seconds;
  };

  played = (): void => {
    this.#untouched = false;
  };

  audioListed = (audioTracks: readonly string[]): void => this.#set({ audioTracks });

  qualitiesListed = (qualities: readonly string[]): void => this.#set({ qualities });

  time(): number {
    return (this.#loaded ? null : this.#place?.time) ?? this.#output?.time() ?? 0;
  }

  /** Move to a time; before the metadata is loaded, that is where playback begins. */
  seek(seconds: number): void {
    if (this.#place) this.#place.time = seconds;
    if (this.#loaded) return this.#output?.seek(seconds);
    this.#place = { playing: false, ...this.#place, time: seconds };
    if (this.state.get().phase === "ready") this.#output?.startAt(seconds);
  }

  /** Where the stream ends while it grows. */
  liveEdge(): LiveEdge | null {
    return this.#loaded ? (this.#output?.liveEdge() ?? null) : null;
  }

  /** Move to the live edge and play. */
  goLive(): void {
    const edge = this.liveEdge();
    if (!edge) return;
    this.seek(edge.sync);
    this.play();
  }

  play(): void {
    if (!this.#loaded) this.#place = { time: null, ...this.#place, playing: true };
    this.#output?.play();
  }

  pause(): void {
    if (this.#place) this.#place.playing = false;
    this.#output?.pause();
  }

  #wanted(): Media {
    const { videoId, media, signer, audio } = this.#subject;
    return media ?? (this.#streamed ? streamOf(videoId, signer, audio) : fileOf(videoId, signer));
  }

  #choose(streamed: boolean): void {
    this.#untouched = false;
    this.#streamed = streamed;
    this.#select();
  }

  /** Load what should be played now, or the first that can stand in for it. */
  #select(): void {
    const { videoId, media: other, signer, ladder } = this.#subject;
    const wanted = this.#wanted();
    const fails = ({ key }: Media) => this.#unplayable.has(key);
    const replaced = fails(wanted) && !other;
    const listed = (replaced && this.#renditions) || [];
    const standIns = signer ? sharedStandIns(videoId, signer, ladder) : listedStandIns(videoId, listed);
    const found = (replaced && standIns.find(({ media }) => !fails(media))) || null;
    const current = this.state.get().standIn;
    const standIn = current && found && isSame(current, found) ? current : found;
    const needsRenditions = replaced && !signer;
    this.#set({ standIn, needsRenditions, making: isMaking(listed), originalFails: fails(fileOf(videoId)) });
    const media = standIn?.media ?? wanted;
    if (fails(media)) this.#giveUp(media, needsRenditions && this.#renditions === null);
    else if (media.key !== this.#media.key || this.#hasGivenUp()) this.#load(media);
    else this.#media = media;
  }

  #giveUp(media: Media, listing: boolean): void {
    if (!this.#hasGivenUp()) this.#output?.detach();
    this.#ticket++;
    this.#media = media;
    this.#loaded = false;
    if (this.#place && !listing) this.#place.playing = false; // a rendition that is made later waits for a click
    this.#set({ phase: listing ? "searching" : "unplayable", kind: media.kind, source: null, problem: null });
  }

  #hasGivenUp(): boolean {
    return ["searching", "unplayable"].includes(this.state.get().phase);
  }

  #isSigning(): boolean {
    return ["loading", "renewing"].includes(this.state.get().phase);
  }

  #load(media: Media): void {
    this.#media = media;
    if (this.#loaded) {
      this.#keepPlace();
      this.#output?.detach({ holdFrame: true });
    }
    this.#loaded = false;
    this.#set({ kind: media.kind, source: null, problem: null });
    this.#request("loading");
  }

  /** Forget the video before. */
  #reset(): void {
    this.#untouched = true;
    this.#renditions = null;
    this.#renewedAt = Number.NEGATIVE_INFINITY;
    this.#loaded = false;
    this.#reached = null;
    this.#place = null;
    this.#set({ broken: false, qualities: [], quality: this.#subject.preferred?.quality ?? null });
    this.#set({ audioTracks: [], audioTrack: null });
  }

  #request(phase: "loading" | "renewing"): void {
    if (!this.#output) return;
    const ticket = ++this.#ticket;
    const isNewest = () => ticket === this.#ticket;
    this.#set({ phase });
    this.#media.sign().then(
      (url) => isNewest() && this.#signed(url),
      (error) => isNewest() && this.#refused(asProblem(error)),
    );
  }

  #signed({ path, expires_at }: SignedUrl): void {
    const { key, kind } = this.#media;
    const source = { key, kind, path, signedAt: this.#now(), expiresAt: new Date(expires_at).getTime() };
    const isRenewal = this.state.get().phase === "renewing";
    this.#set({ phase: "ready", source, problem: null });
    if (isRenewal && this.#output?.renew(source)) this.#place = null;
    else this.#attach(source);
  }

  #refused(problem: Problem): void {
    const hasNoStream = problem.code === "hls_not_available" && !this.#subject.media && this.#streamed;
    if (!this.state.get().source) this.#output?.detach();
    this.#set({ phase: "refused", problem });
    if (!hasNoStream) return;
    this.#streamed = false; // the file plays its first audio track at least
    this.#select();
  }

  #attach(source: Source): void {
    const output = this.#output;
    if (!output) return;
    if (this.#loaded) this.#keepPlace();
    this.#loaded = false;
    const pending = output.pendingSeek();
    if (pending !== null) this.#place = { playing: output.playing(), ...this.#place, time: pending };
    const { quality, audioTrack } = this.state.get();
    output.attach(source, { at: () => this.#start(Number.NaN), quality, audioTrack, holdFrame: this.#place !== null });
  }

  /** Note where playback stands, unless that was noted when it stopped. */
  #keepPlace(): void {
    this.#place ??= { time: this.#reached, playing: this.#output?.playing() ?? false };
  }

  #start(duration = this.#output?.duration() ?? Number.NaN): number {
    return this.#place?.time ?? this.#subject.begin(duration);
  }

  #set(changes: Partial<PlayerState>): void {
    const before = this.state.get();
    const changed = Object.entries(changes).some(([name, value]) => before[name as keyof PlayerState] !== value);
    if (changed) this.state.set({ ...before, ...changes });
  }
}

const streamsFirst = ({ audio, ladder, severalAudio, preferred }: Subject): boolean =>
  audio !== null || ((ladder || severalAudio === true) && !preferred?.original);

const isSame = (a: StandIn, b: StandIn): boolean => a.media.key === b.media.key && a.rendition === b.rendition;
