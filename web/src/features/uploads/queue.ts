import type { Upload } from "tus-js-client";
import { Cell } from "@/lib/cell";
import { loadPart } from "@/lib/load-part";
import { closed, person } from "@/lib/person";
import { problemFrom } from "@/lib/problem";
import { away, lost } from "@/lib/reach";
import { refreshSoon } from "@/lib/refresh";
import { signedOut } from "@/lib/signed-out";
import { urls } from "@/lib/urls";
import { forgetNotBegun, recallNotBegun, rememberNotBegun } from "./not-begun";

/** `held`: resumes automatically when the server is back, or the user has signed in again. */
export type UploadState = "waiting" | "sending" | "held" | "paused" | "done" | "failed";
export type UploadItem = {
  id: number;
  name: string;
  size: number;
  sent: number;
  speed: number; // bytes a second, smoothed
  state: UploadState;
  resumed: boolean;
  error: { text: string; hint: string | null } | null;
  videoId: string | null;
};

const PARALLEL = 2;
const RETRY_DELAYS = [0, 1000, 3000];
const LIVE: readonly UploadState[] = ["sending", "waiting", "held"];

/** The upload queue of this page, independent of views: two files at a time. */
class UploadQueue {
  readonly items = new Cell<readonly UploadItem[]>([]);
  readonly #files = new Map<number, File>();
  readonly #uploads = new Map<number, Upload>();
  readonly #marks = new Map<number, { at: number; sent: number }>();
  #next = 1;

  add(files: Iterable<File>): void {
    const chosen = [...files];
    forgetNotBegun(chosen.map(({ name }) => name));
    const fresh = chosen.map((file): UploadItem => {
      const id = this.#next++;
      this.#files.set(id, file);
      return {
        id,
        name: file.name,
        size: file.size,
        sent: 0,
        speed: 0,
        state: "waiting",
        resumed: false,
        error: null,
        videoId: null,
      };
    });
    this.items.set([...this.items.get(), ...fresh]);
    this.#fill();
  }

  pause(id: number): void {
    void this.#uploads.get(id)?.abort();
    this.#change(id, { state: "paused", speed: 0 });
    this.#fill();
  }

  resume(id: number): void {
    this.#change(id, { state: "waiting", error: null });
    this.#fill();
  }

  /** Cancel an upload and delete what the server has of it. */
  cancel(id: number): void {
    const upload = this.#uploads.get(id);
    void upload?.abort(true).catch(() => undefined);
    this.#forget(id);
    this.#fill();
  }

  /** Remove an entry; what was uploaded is kept. */
  dismiss(id: number): void {
    this.#forget(id);
  }

  clearDone(): void {
    for (const item of this.items.get()) if (item.state === "done") this.#forget(item.id);
  }

  /** Whether leaving the page would interrupt an upload. */
  busy = (): boolean => this.items.get().some((item) => LIVE.includes(item.state));

  /** Names of the files that were not started. */
  notBegun = (): string[] =>
    this.items
      .get()
      .filter(({ state, id }) => LIVE.includes(state) && !this.#uploads.has(id))
      .map(({ name }) => name);

  /** Resume what waited for the server or for sign-in. */
  release(): void {
    for (const item of this.items.get()) if (item.state === "held") this.#change(item.id, { state: "waiting" });
    this.#fill();
  }

  /** Stop all uploads, as another user has signed in. */
  stop(): void {
    rememberNotBegun(this.notBegun());
    for (const upload of this.#uploads.values()) void upload.abort();
    this.items.set([]);
  }

  #fill(): void {
    if (closed.get()) return;
    const sending = this.items.get().filter((item) => item.state === "sending").length;
    const waiting = this.items.get().filter((item) => item.state === "waiting");
    for (const item of waiting.slice(0, Math.max(0, PARALLEL - sending))) void this.#start(item.id);
  }

  async #start(id: number): Promise<void> {
    const file = this.#files.get(id);
    if (!file) return;
    this.#change(id, { state: "sending" });
    const upload = this.#uploads.get(id) ?? (await this.#make(id, file));
    this.#uploads.set(id, upload);
    if (this.#item(id)?.state !== "sending") return; // paused or canceled meanwhile
    this.#marks.set(id, { at: performance.now(), sent: this.#item(id)?.sent ?? 0 });
    upload.start();
  }

  async #make(id: number, file: File): Promise<Upload> {
    const tus = await loadPart(() => import("tus-js-client"));
    const upload: Upload = new tus.Upload(file, {
      endpoint: urls.uploads,
      retryDelays: RETRY_DELAYS,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type, title: titleOf(file.name) },
      onProgress: (sent) => this.#progress(id, sent),
      onSuccess: ({ lastResponse }) => this.#done(id, lastResponse.getHeader("Playhead-Video") ?? null),
      onError: (error) => this.#failed(id, error),
    });
    const [before] = await upload.findPreviousUploads();
    if (before) {
      upload.resumeFromPreviousUpload(before);
      this.#change(id, { resumed: true });
    }
    return upload;
  }

  #progress(id: number, sent: number): void {
    const item = this.#item(id);
    if (item?.state !== "sending") return;
    const now = performance.now();
    const mark = this.#marks.get(id) ?? { at: now, sent };
    const seconds = (now - mark.at) / 1000;
    if (seconds < 0.25 && sent < item.size) return;
    const current = Math.max(0, sent - mark.sent) / Math.max(seconds, 0.001);
    this.#marks.set(id, { at: now, sent });
    this.#change(id, { sent, speed: item.speed ? item.speed * 0.7 + current * 0.3 : current });
  }

  #done(id: number, videoId: string | null): void {
    const size = this.#item(id)?.size ?? 0;
    this.#change(id, { state: "done", sent: size, speed: 0, videoId });
    this.#files.delete(id);
    refreshSoon(["videos"], ["jobs"], ["uploads"]);
    this.#fill();
  }

  #failed(id: number, error: Error): void {
    const response =
      "originalResponse" in error
        ? (error.originalResponse as {
            getStatus(): number;
            getBody(): string;
            getHeader(name: string): string | undefined;
          } | null)
        : null;
    const problem = response
      ? problemFrom(response.getStatus(), response.getBody(), response.getHeader("x-request-id") ?? null)
      : null;
    if (problem === null || ([502, 503, 504].includes(problem.status) && problem.code === "unknown"))
      return this.#hold(id, lost);
    if (problem.code === "not_signed_in" && person.get() !== null) return this.#hold(id, () => signedOut.set(true));
    this.#change(id, { state: "failed", speed: 0, error: { text: problem.detail, hint: problem.hint } });
    this.#fill();
  }

  #hold(id: number, why: () => void): void {
    this.#change(id, { state: "held", speed: 0 });
    why();
  }

  #item = (id: number) => this.items.get().find((item) => item.id === id);

  #change(id: number, change: Partial<UploadItem>): void {
    this.items.set(this.items.get().map((item) => (item.id === id ? { ...item, ...change } : item)));
  }

  #forget(id: number): void {
    this.#files.delete(id);
    this.#uploads.delete(id);
    this.items.set(this.items.get().filter((item) => item.id !== id));
  }
}

const titleOf = (filename: string): string => filename.replace(/\.[a-z0-9]{2,5}$/i, "") || filename;

export const uploadQueue = new UploadQueue();

/** Whether the tray polls this video, so that lists need not. */
export const isFollowed = (videoId: string): boolean =>
  uploadQueue.items.get().some((item) => item.videoId === videoId);

window.addEventListener("beforeunload", (event) => {
  if (uploadQueue.busy()) event.preventDefault();
});
window.addEventListener("pagehide", () => closed.get() || rememberNotBegun(uploadQueue.notBegun()));
for (const gate of [away, signedOut]) gate.watch(() => !gate.get() && uploadQueue.release());
closed.watch(() => uploadQueue.stop());
person.watch(recallNotBegun);
recallNotBegun();
