import { beforeEach, describe, expect, test, vi } from "vitest";
import { uploadQueue as queue } from "@/features/uploads/queue";
import { facts, headline, rowOf } from "@/features/uploads/rows";
import type { Video } from "@/gen";
import { person } from "@/lib/person";
import { away } from "@/lib/reach";

type Options = {
  metadata: { title: string };
  onProgress: (sent: number) => void;
  onSuccess: (payload: { lastResponse: { getHeader: () => string } }) => void;
  onError: (error: Error) => void;
};

/** Uploads that stand where the test puts them. */
const uploads: FakeUpload[] = [];
class FakeUpload {
  started = 0;
  aborted: boolean[] = [];
  constructor(
    readonly file: File,
    readonly options: Options,
  ) {
    uploads.push(this);
  }
  start() {
    this.started++;
  }
  abort(terminate = false) {
    this.aborted.push(terminate);
    return Promise.resolve();
  }
  findPreviousUploads = () => Promise.resolve([]);
  resumeFromPreviousUpload() {}
  done = () => this.options.onSuccess({ lastResponse: { getHeader: () => "vid" } });
  failed(status: number, body = "") {
    const originalResponse = { getStatus: () => status, getBody: () => body, getHeader: () => undefined };
    this.options.onError(Object.assign(new Error("refused"), { originalResponse: status ? originalResponse : null }));
  }
}
vi.mock("@/lib/load-part", () => ({ loadPart: () => Promise.resolve({ Upload: FakeUpload }) }));
vi.mock("@/lib/refresh", () => ({ refreshSoon: () => undefined }));
vi.mock("@/lib/reach", async (original) => ({ ...(await original<object>()), lost: () => away.set(true) }));

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const file = (name: string, size = 1000) => new File([new Uint8Array(size)], name);
const states = () => queue.items.get().map(({ state }) => state);
const last = () => queue.items.get().at(-1);

async function add(...names: string[]): Promise<FakeUpload[]> {
  const before = uploads.length;
  queue.add(names.map((name) => file(name)));
  await settle();
  return uploads.slice(before);
}

beforeEach(() => {
  away.set(false);
  for (const { id } of queue.items.get()) queue.dismiss(id);
  uploads.length = 0;
});

describe("the queue", () => {
  test("sends two files at a time", async () => {
    const [first] = await add("a.mp4", "b.mp4", "c.mp4");
    expect(states()).toEqual(["sending", "sending", "waiting"]);
    expect(queue.notBegun()).toEqual(["c.mp4"]);

    first?.done();
    await settle();
    expect(states()).toEqual(["done", "sending", "sending"]);
  });

  test("names a video after its file, without the ending", async () => {
    const [upload] = await add("My holiday v1.2.mp4");

    expect(upload?.options.metadata.title).toBe("My holiday v1.2");
  });

  test("lets the next file begin while one is paused", async () => {
    const [first] = await add("a.mp4", "b.mp4", "c.mp4");
    const id = queue.items.get()[0]?.id ?? 0;
    queue.pause(id);
    await settle();
    expect([states(), first?.aborted]).toEqual([["paused", "sending", "sending"], [false]]);

    queue.resume(id);
    expect(states()).toEqual(["waiting", "sending", "sending"]);
  });

  test("takes back what the server has of a canceled file", async () => {
    const [upload] = await add("a.mp4");
    queue.cancel(last()?.id ?? 0);

    expect([states(), upload?.aborted]).toEqual([[], [true]]);
  });

  test("is busy until nothing is left to send", async () => {
    const [upload] = await add("a.mp4");
    expect(queue.busy()).toBe(true);
    upload?.done();

    expect([queue.busy(), last()?.videoId]).toEqual([false, "vid"]);
    queue.clearDone();
    expect(states()).toEqual([]);
  });
});

describe("an upload that stops", () => {
  test.each([0, 502, 503])("for the server's absence (%s) goes on when it is back", async (status) => {
    const [upload] = await add("a.mp4");
    upload?.failed(status);
    expect(states()).toEqual(["held"]);

    away.set(false);
    await settle();
    expect([states(), upload?.started]).toEqual([["sending"], 2]);
  });

  test("for a reason shows it", async () => {
    const [upload] = await add("a.mp4");
    upload?.failed(
      413,
      JSON.stringify({ title: "Refused", code: "too_large", detail: "It is too large.", hint: "Send less." }),
    );

    expect([last()?.state, last()?.error]).toEqual(["failed", { text: "It is too large.", hint: "Send less." }]);
  });

  test("for the end of the session waits for the sign-in", async () => {
    person.set("usr");
    const [upload] = await add("a.mp4");
    upload?.failed(401, JSON.stringify({ title: "Refused", code: "not_signed_in", detail: "Sign in." }));

    expect(states()).toEqual(["held"]);
    person.set(null);
  });
});

describe("the words", () => {
  const item = (given = {}) => ({
    id: 1,
    name: "a.mp4",
    size: 10_000_000,
    sent: 4_000_000,
    speed: 0,
    state: "sending" as const,
    resumed: false,
    error: null,
    videoId: null,
    ...given,
  });

  test.each([
    ["sending", { speed: 2_000_000 }, "4.0 MB of 10 MB · 2.0 MB/s · 3 s left"],
    ["sending", { resumed: true }, "Resuming, 4.0 MB of 10 MB"],
    ["paused", {}, "Paused at 4.0 MB of 10 MB"],
    ["waiting", { sent: 0 }, "Waiting, 10 MB"],
    ["failed", { error: { text: "No.", hint: "Try less." } }, "No. Try less."],
  ] as const)("of one that is %s", (phase, given, text) => {
    expect(facts(item(given), phase)).toBe(text);
  });

  test("follow a video until it is ready", () => {
    const sent = item({ state: "done", videoId: "vid" });
    const phases = ["preparing", "errored", "ready"].map((state) => rowOf(sent, { state } as Video).phase);

    expect([rowOf(sent, undefined).phase, ...phases]).toEqual(["preparing", "preparing", "errored", "done"]);
  });

  test.each([
    [["sending", "waiting", "done"], "Uploading 2 files"],
    [["sending", "failed"], "Uploading 1 file, 1 failed"],
    [["done", "done", "errored"], "2 files uploaded, 1 failed"],
    [["failed"], "1 upload failed"],
    [["paused"], "1 upload paused"],
    [[], "3 unfinished uploads"],
  ] as const)("of all: %j", (phases, text) => {
    const rows = phases.map((phase) => ({ item: item(), phase, video: undefined }));

    expect(headline(rows, 3, 0)).toBe(text);
  });
});
