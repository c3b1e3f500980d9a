import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Rendition } from "@/gen";
import { Problem } from "@/lib/problem";
import type { LiveEdge } from "@/player/live-edge";
import type { SignedUrl } from "@/player/media";
import type { Output, Source, Start } from "@/player/output";
import { Player, type Subject } from "@/player/player";

vi.mock("@/player/showable", () => ({
  isUnknownHere: (codec: string | null) => codec === "hevc",
  showsRendition: () => true,
}));

const RENDITION = { name: "180p", kind: "rendition", state: "ready", codec: "h264", codec_string: "avc1.42E01E" };
const rendition = { ...RENDITION, has_audio: true } as Rendition;

/** A media element that does at once what it is asked to. */
class FakeOutput implements Output {
  attached: Source[] = [];
  start: Start | null = null;
  current = 0;
  playingNow = false;
  pending: number | null = null;
  lists: readonly string[] = ["360p", "180p"];
  renews = true;
  log: string[] = [];

  attach(source: Source, start: Start) {
    this.attached.push(source);
    this.start = start;
    this.current = 0;
    this.playingNow = false;
  }
  renew = ({ kind }: Source) => this.renews && kind === "stream";
  detach = (keep?: { holdFrame: boolean }) => void this.log.push(keep?.holdFrame ? "hold the frame" : "detach");
  hold = (quality: string | null) => quality === null || this.lists.includes(quality);
  hear = (audioTrack: string | null) => void this.log.push(`hear ${audioTrack}`);
  time = () => this.current;
  playing = () => this.playingNow;
  pendingSeek = () => this.pending;
  seek(seconds: number) {
    this.current = seconds;
  }
  startAt = (seconds: number) => void this.log.push(`start at ${seconds}`);
  duration = () => 90;
  edge: LiveEdge | null = null;
  liveEdge = () => this.edge;
  play() {
    this.playingNow = true;
  }
  pause() {
    this.playingNow = false;
  }
}

type Answer = { resolve: (url: SignedUrl) => void; reject: (error: unknown) => void };

/** A player of a shared video on a fake output, whose URLs are signed when the test says so. */
class Stand {
  now = 1_000_000;
  output = new FakeOutput();
  requests: string[] = [];
  answers: Answer[] = [];
  subject: Subject = {
    videoId: "vid",
    signer: (request) => this.sign(request),
    audio: null,
    ladder: false,
    begin: () => 0,
  };
  player: Player;

  constructor(subject: Partial<Subject> = {}) {
    this.subject = { ...this.subject, ...subject };
    this.player = new Player(this.subject, () => this.now);
    this.player.connect(this.output);
  }

  sign({ kind = "original", rendition }: { kind?: string | null; rendition?: string | null }): Promise<SignedUrl> {
    this.requests.push(rendition ?? kind ?? "");
    return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
  }

  /** Answer the oldest request; then the element loads its metadata. */
  async signed({ load = true } = {}): Promise<void> {
    const n = this.requests.length;
    this.answers.shift()?.resolve({ path: `/v/${n}`, expires_at: new Date(this.now + 3_600_000).toISOString() });
    await settle();
    if (load) this.player.metadataLoaded();
  }

  async refused(code: string, status = 404): Promise<void> {
    this.answers.shift()?.reject(new Problem(status, { code, detail: code }));
    await settle();
  }

  show(subject: Partial<Subject>): void {
    this.subject = { ...this.subject, ...subject };
    this.player.show(this.subject);
  }

  playTo(seconds: number): void {
    this.player.played();
    this.output.playingNow = true;
    this.output.current = seconds;
    this.player.moved(seconds);
  }

  get phase() {
    return this.player.state.get().phase;
  }

  get standIn() {
    return this.player.state.get().standIn?.media.key ?? null;
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

let stand: Stand;
beforeEach(() => {
  stand = new Stand();
});

describe("a source", () => {
  test("is signed, then attached", async () => {
    expect(stand.phase).toBe("loading");
    await stand.signed();

    expect(stand.phase).toBe("ready");
    expect(stand.output.attached.map(({ kind, path }) => [kind, path])).toEqual([["file", "/v/1"]]);
  });

  test("begins where the subject says", async () => {
    stand.show({ begin: () => 42 });
    await stand.signed();

    expect(stand.output.current).toBe(42);
    expect(stand.output.playingNow).toBe(false);
  });

  test("is not loaded once the player is gone", async () => {
    const gone = new Stand();
    gone.player.connect(gone.output)();
    await gone.signed();
    await gone.signed();

    expect(gone.output.attached).toEqual([]);
  });

  test("of an earlier video is dropped when it comes late", async () => {
    stand.show({ videoId: "other" });
    const [early, late] = stand.answers;
    late?.resolve({ path: "/v/late", expires_at: "2026-01-01T00:00:00Z" });
    early?.resolve({ path: "/v/early", expires_at: "2026-01-01T00:00:00Z" });
    await settle();

    expect(stand.output.attached.map(({ path }) => path)).toEqual(["/v/late"]);
  });

  test("that is refused leaves the reason, and a retry asks again", async () => {
    await stand.refused("video_not_found");
    expect(stand.phase).toBe("refused");
    expect(stand.player.state.get().problem?.code).toBe("video_not_found");

    stand.player.retry();
    await stand.signed();
    expect(stand.phase).toBe("ready");
    expect(stand.player.state.get().problem).toBeNull();
  });
});

describe("a renewal", () => {
  test("of a file keeps position and playback", async () => {
    await stand.signed();
    stand.playTo(20);
    stand.player.renew();
    expect(stand.phase).toBe("renewing");
    stand.playTo(21);
    await stand.signed();

    expect(stand.output.attached).toHaveLength(2);
    expect(stand.output.start?.holdFrame).toBe(true);
    expect([stand.output.current, stand.output.playingNow]).toEqual([21, true]);
  });

  test("of a stream only changes its signature", async () => {
    stand = new Stand({ ladder: true });
    await stand.signed();
    stand.player.renew();
    await stand.signed({ load: false });

    expect(stand.output.attached).toHaveLength(1);
    expect(stand.phase).toBe("ready");
  });

  test("of a stream that broke attaches it again at its place", async () => {
    stand = new Stand({ ladder: true });
    await stand.signed();
    stand.playTo(30);
    stand.output.renews = false;
    stand.player.failed();
    await stand.signed({ load: false });

    expect(stand.output.attached).toHaveLength(2);
    expect(stand.output.start?.at()).toBe(30);
  });

  test("runs once, whatever fails meanwhile", async () => {
    await stand.signed();
    stand.player.failed();
    stand.player.failed();
    stand.player.renew();

    expect(stand.requests).toHaveLength(2);
  });

  test("keeps the time of an element that forgot it", async () => {
    await stand.signed();
    stand.player.moved(130);
    stand.output.current = 0;
    stand.player.failed();
    await stand.signed();

    expect(stand.output.current).toBe(130);
  });
});

describe("a seek", () => {
  test("made before anything is loaded is where a file begins", async () => {
    stand.player.seek(12);
    expect(stand.player.time()).toBe(12);
    await stand.signed();

    expect(stand.output.current).toBe(12);
  });

  test.each([true, false])(
    "made before a stream is attached is where it begins (on the element: %s)",
    async (direct) => {
      stand = new Stand({ ladder: true, begin: () => 42 });
      if (direct) stand.output.pending = 12;
      else stand.player.seek(12);
      await stand.signed({ load: false });
      expect(stand.output.start?.at()).toBe(12);

      stand.player.metadataLoaded();
      expect(stand.output.current).toBe(12);
    },
  );

  test("made while a stream loads moves its start", async () => {
    stand = new Stand({ ladder: true });
    await stand.signed({ load: false });
    stand.player.seek(12);
    expect(stand.output.log).toEqual(["start at 12"]);

    stand.player.metadataLoaded();
    expect(stand.output.current).toBe(12);
  });

  test("to a new start happens on the same video alone", async () => {
    await stand.signed();
    stand.show({ startAt: 7, begin: () => 7 });
    expect(stand.output.current).toBe(7);

    stand.playTo(40);
    stand.show({ videoId: "other", startAt: null, begin: () => 0 });
    await stand.signed();
    expect(stand.output.current).toBe(0);
  });
});

describe("a media that cannot be played", () => {
  test("fails after a second error within seconds", async () => {
    await stand.signed();
    stand.player.failed();
    await stand.signed();
    stand.now += 5_000;
    stand.player.failed();

    expect(stand.phase).toBe("unplayable");
    expect(stand.player.state.get().broken).toBe(true);
    expect(stand.output.log).toEqual(["detach"]);
  });

  test("is renewed again after an error much later", async () => {
    await stand.signed();
    stand.player.failed();
    await stand.signed();
    stand.now += 60_000;
    stand.player.failed();

    expect(stand.phase).toBe("renewing");
  });

  test("is replaced at its position, and goes on playing", async () => {
    stand = new Stand({ ladder: true });
    await stand.signed();
    stand.playTo(15);
    stand.player.undecodable();
    expect(stand.standIn).toBe("file vid");
    stand.output.playingNow = true;
    await stand.signed();

    expect(stand.output.attached.at(-1)?.kind).toBe("file");
    expect(stand.output.current).toBe(15);
  });

  test("of an unknown codec is not asked for again", async () => {
    stand.show({ codec: "hevc" });
    await stand.signed();
    stand.player.failed();

    expect([stand.phase, stand.player.state.get().broken]).toEqual(["unplayable", false]);
    expect(stand.requests).toEqual(["original"]);
  });

  test("has no frames: only its audio would play", async () => {
    await stand.signed();
    stand.player.frameLoaded(0);

    expect(stand.phase).toBe("unplayable");
  });

  test("waits for the list of renditions, and plays the first that is ready", async () => {
    stand.show({ signer: undefined, media: undefined });
    await stand.signed();
    stand.playTo(3);
    stand.player.undecodable();
    expect([stand.phase, stand.player.state.get().needsRenditions]).toEqual(["searching", true]);

    stand.player.list([{ ...rendition, state: "making" }] as Rendition[]);
    expect([stand.phase, stand.player.state.get().making]).toEqual(["unplayable", true]);

    stand.player.list([rendition]);
    expect([stand.phase, stand.standIn]).toEqual(["loading", "stream vid"]);
  });

  test("is not replaced by the video where it is something else", async () => {
    const media = { key: "preview", kind: "stream" as const, sign: () => stand.sign({ kind: "preview" }) };
    stand = new Stand();
    stand.show({ media });
    stand.answers.shift();
    await stand.signed();
    stand.player.undecodable();

    expect([stand.phase, stand.standIn]).toEqual(["unplayable", null]);
  });

  test("can be tried again", async () => {
    stand.show({ codec: "hevc" });
    await stand.signed();
    stand.player.failed();
    stand.player.retry();
    await stand.signed();

    expect(stand.phase).toBe("ready");
  });
});

describe("the quality", () => {
  test("without a stream is the file", async () => {
    stand = new Stand({ ladder: true });
    await stand.refused("hls_not_available");

    expect(stand.requests).toEqual(["hls", "original"]);
    expect(stand.player.state.get().problem).toBeNull();
  });

  test("changes at the same position", async () => {
    stand = new Stand({ ladder: true });
    await stand.signed();
    stand.playTo(25);
    stand.player.chooseFile();
    await stand.signed();

    expect(stand.output.log).toEqual(["hold the frame"]);
    expect([stand.output.current, stand.output.playingNow]).toEqual([25, true]);
  });

  test("may be followed by a seek while its URL is signed", async () => {
    stand = new Stand({ ladder: true });
    await stand.signed();
    stand.playTo(25);
    stand.player.chooseFile();
    stand.output.pending = 60;
    await stand.signed();

    expect([stand.output.current, stand.output.playingNow]).toEqual([60, true]);
  });

  test("that the stream lists needs no new stream, another one does", async () => {
    stand = new Stand({ ladder: true });
    await stand.signed();
    stand.player.chooseStream("180p");
    expect(stand.output.attached).toHaveLength(1);

    stand.player.chooseStream("90p");
    expect(stand.output.attached).toHaveLength(2);
    expect(stand.output.start?.quality).toBe("90p");
  });

  test("becomes a stream with the first rendition, unless somebody is watching", async () => {
    await stand.signed();
    stand.show({ ladder: true });
    expect(stand.player.state.get().kind).toBe("stream");

    const watched = new Stand();
    await watched.signed();
    watched.playTo(5);
    watched.show({ ladder: true });
    expect(watched.player.state.get().kind).toBe("file");
  });

  test("is forgotten with the video", async () => {
    stand = new Stand({ ladder: true });
    await stand.signed();
    stand.player.chooseStream("180p");
    stand.show({ videoId: "other" });

    expect(stand.player.state.get().quality).toBeNull();
  });

  test("of videos before is that of this one, too", async () => {
    const held = new Stand({ ladder: true, preferred: { original: false, quality: "180p" } });
    await held.signed();
    expect([held.player.state.get().kind, held.output.start?.quality]).toEqual(["stream", "180p"]);

    const original = new Stand({ ladder: true, preferred: { original: true, quality: null } });
    await original.signed();
    expect(original.player.state.get().kind).toBe("file");
  });
});

describe("several audio tracks", () => {
  test("are streamed, and the chosen one is kept for a new stream", async () => {
    stand = new Stand({ severalAudio: true });
    await stand.signed();
    stand.player.audioListed(["English", "German"]);
    stand.player.chooseAudio("German");
    expect(stand.player.state.get().kind).toBe("stream");
    expect(stand.output.log).toContain("hear German");

    stand.player.chooseStream("90p");
    expect(stand.output.start?.audioTrack).toBe("German");
  });
});

describe("a recording that grows", () => {
  const media = (kind: "stream" | "file") => ({ key: kind, kind, sign: () => stand.sign({ kind }) });

  /** Show it instead of the video that the stand begins with. */
  async function shown(): Promise<void> {
    stand.show({ media: media("stream") });
    await stand.signed({ load: false });
    await stand.signed();
  }

  test("goes to its live edge and plays", async () => {
    await shown();
    stand.output.edge = { sync: 96, end: 100, target: 2 };
    stand.playTo(12);
    stand.player.pause();

    stand.player.goLive();

    expect([stand.output.current, stand.output.playingNow]).toEqual([96, true]);
  });

  test("has no live edge once it has ended", async () => {
    await shown();
    stand.playTo(12);
    stand.player.goLive();

    expect(stand.player.liveEdge()).toBeNull();
    expect(stand.output.current).toBe(12);
  });

  test("becomes its video at the place that was played", async () => {
    await shown();
    stand.playTo(47);

    stand.show({ media: media("file") });
    await stand.signed();

    expect([stand.output.current, stand.output.playingNow]).toEqual([47, true]);
  });
});
