import type { LiveEdge } from "./live-edge";
import type { Output, Source, Start } from "./output";
import { Still } from "./still";
import { Stream, type StreamEvents } from "./stream";

/** The output on a `<video>`: files are read by the browser, streams by hls.js. */
export class ElementOutput implements Output {
  readonly #element: HTMLVideoElement;
  readonly #still: Still;
  readonly #events: StreamEvents;
  #stream: Stream | null = null;

  constructor(element: HTMLVideoElement, canvas: HTMLCanvasElement, events: StreamEvents) {
    this.#element = element;
    this.#still = new Still(element, canvas);
    this.#events = events;
  }

  attach({ kind, path }: Source, start: Start): void {
    if (start.holdFrame) this.#still.hold();
    this.#closeStream();
    if (kind === "file") {
      this.#element.src = path; // reloads even if the URL is the same
      return;
    }
    this.#unload();
    this.#stream = new Stream(this.#element, path, start, this.#events);
  }

  renew({ path }: Source): boolean {
    return this.#stream?.renew(path) ?? false;
  }

  detach({ holdFrame } = { holdFrame: false }): void {
    if (holdFrame) this.#still.hold();
    else this.#still.release();
    this.#closeStream();
    this.#unload();
  }

  hold(quality: string | null): boolean {
    return this.#stream?.hold(quality) ?? true;
  }

  hear(audioTrack: string | null): void {
    this.#stream?.hear(audioTrack);
  }

  time(): number {
    return this.#element.currentTime;
  }

  playing(): boolean {
    return !this.#element.paused;
  }

  pendingSeek(): number | null {
    const { readyState, currentTime } = this.#element;
    return readyState === HTMLMediaElement.HAVE_NOTHING && currentTime > 0 ? currentTime : null;
  }

  seek(seconds: number): void {
    this.#element.currentTime = seconds;
  }

  startAt(seconds: number): void {
    this.#stream?.startAt(seconds);
  }

  duration(): number {
    return this.#element.duration;
  }

  liveEdge(): LiveEdge | null {
    return this.#stream?.liveEdge() ?? null;
  }

  play(): void {
    void this.#element.play().catch(() => undefined);
  }

  pause(): void {
    this.#element.pause();
  }

  #closeStream(): void {
    this.#stream?.close();
    this.#stream = null;
  }

  #unload(): void {
    this.#element.removeAttribute("src");
    this.#element.load();
  }
}
