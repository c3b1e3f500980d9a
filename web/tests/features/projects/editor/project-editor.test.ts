import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clipFromCard, gathered, trimmed } from "@/features/projects/editor/draft";
import { ProjectEditor } from "@/features/projects/editor/project-editor";
import type { ClipInput, Project, ProjectChanges } from "@/gen";
import { Problem } from "@/lib/problem";
import { clip, project, prompted, video } from "./samples";

/** A server with one project, which answers at once or as it is told. */
const server = vi.hoisted(() => ({
  project: null as unknown as Project,
  calls: [] as string[],
  refuse: null as unknown,
  take(version: number, change: Partial<Project>, call: string): Promise<Project> {
    this.calls.push(call);
    if (this.refuse) return Promise.reject(this.refuse);
    if (version !== this.project.version)
      return Promise.reject(new Problem(412, { code: "changed", detail: "Changed", current: this.project }));
    this.project = { ...this.project, ...change, version: version + 1 };
    return Promise.resolve(this.project);
  },
}));

vi.mock("@/features/projects/api/update-project", () => ({
  updateProject: (_: string, version: number, change: ProjectChanges) =>
    server.take(version, change as Partial<Project>, `update ${Object.keys(change)}`),
}));
vi.mock("@/features/projects/api/replace-clips", () => ({
  replaceClips: (_: string, version: number, inputs: ClipInput[]) =>
    server.take(
      version,
      { clips: inputs.map(({ id, ...input }, n) => clip(id ?? `new ${n}`, input as object)) },
      `clips ${inputs.map(({ id }) => id ?? "-")}`,
    ),
}));

const QUIET_MS = 700;
let projects = 0;
let editor: ProjectEditor;
const saved: Project[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(server, { calls: [], refuse: null });
  saved.length = 0;
  server.project = project(1, [clip("1"), clip("2", { video_id: "b" })], { id: `prj ${++projects}` });
  editor = new ProjectEditor(server.project, (project) => void saved.push(project));
});
afterEach(() => {
  vi.useRealTimers();
});

const state = () => editor.state.get();
const spans = () => state().draft.clips.map(({ start_s, end_s }) => `${start_s}-${end_s}`);
const rename = (title: string) => editor.edit((draft) => ({ ...draft, title }));
const trim = (start: number, merge = "trim") =>
  editor.edit(({ clips: [first, ...rest], ...draft }) => {
    if (!first) throw new Error("no clip");
    return { ...draft, clips: [trimmed(first, start, 10, "start"), ...rest] };
  }, merge);
const quiet = () => vi.advanceTimersByTimeAsync(QUIET_MS);

describe("a save", () => {
  test("waits until the hands rest, and takes everything along", async () => {
    trim(1);
    await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
    expect(state().saving).toBe("dirty");
    rename("New");
    await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
    expect(server.calls).toEqual([]);

    await quiet();
    expect(server.calls).toEqual(["update title", "clips 1,2"]);
    expect([state().saving, state().version]).toEqual(["saved", 3]);
    expect(saved).toHaveLength(1);
  });

  test("of what was undone is none", async () => {
    trim(1);
    editor.undo();
    await quiet();

    expect([server.calls, state().saving]).toEqual([[], "saved"]);
  });

  test("that fails keeps the draft and is tried again", async () => {
    server.refuse = new Problem(503, { code: "unknown", detail: "Away" });
    rename("New");
    await quiet();
    expect([state().saving, state().problem?.detail]).toEqual(["failed", "Away"]);

    server.refuse = null;
    await vi.advanceTimersByTimeAsync(4_000);
    expect([state().saving, server.project.title]).toEqual(["saved", "New"]);
  });

  test("that is refused for its content waits for the person", async () => {
    server.refuse = new Problem(422, { code: "invalid", detail: "Too long" });
    rename("New");
    await quiet();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(server.calls).toHaveLength(1);
    await expect(editor.flush()).rejects.toThrow("Too long");
  });

  test("can be asked for at once, and says the version", async () => {
    rename("New");

    await expect(editor.flush()).resolves.toBe(2);
  });

  test("goes out when the view goes", async () => {
    rename("New");
    editor.leave();
    await vi.advanceTimersByTimeAsync(0);

    expect(server.project.title).toBe("New");
  });

  test("gives new clips their ids, for the saves after it", async () => {
    editor.edit((draft) => ({
      ...draft,
      clips: [...draft.clips, ...draft.clips.map((c) => ({ ...c, key: `${c.key}+` }))],
    }));
    await quiet();
    editor.edit((draft) => ({ ...draft, clips: gathered(draft.clips, [draft.clips[3]!], 0) }));
    await quiet();

    expect(server.calls).toEqual(["clips 1,2,-,-", "clips new 3,1,2,new 2"]);
  });
});

describe("undo", () => {
  test("goes back and forth", () => {
    trim(1, "");
    trim(2, "");
    editor.undo();
    expect(spans()[0]).toBe("1-10");
    editor.redo();
    expect(spans()[0]).toBe("2-10");
    editor.undo();
    editor.undo();
    expect([spans()[0], state().canUndo, state().canRedo]).toEqual(["0-10", false, true]);
  });

  test("takes one drag as one step", () => {
    for (const start of [1, 1.5, 2]) trim(start);
    editor.undo();

    expect([spans()[0], state().canUndo]).toEqual(["0-10", false]);
  });

  test("ends a way forward with the next edit", () => {
    trim(1, "");
    editor.undo();
    rename("New");

    expect(state().canRedo).toBe(false);
  });

  test("outlives the view", async () => {
    rename("New");
    await quiet();
    const again = new ProjectEditor(server.project, () => undefined);
    again.undo();

    expect(again.state.get().draft.title).toBe("Project");
  });
});

describe("another person's version", () => {
  const theirs = (change: Partial<Project>) => {
    server.project = { ...server.project, ...change, version: server.project.version + 1 };
  };

  test("replaces a draft without changes", () => {
    theirs({ title: "Theirs" });
    editor.receive(server.project);

    expect([state().draft.title, state().version, state().saving]).toEqual(["Theirs", 2, "saved"]);
  });

  test("meets unsaved edits in a conflict", async () => {
    theirs({ title: "Theirs" });
    rename("Mine");
    await quiet();
    expect([state().saving, state().draft.title, editor.theirDraft()?.title]).toEqual(["conflict", "Mine", "Theirs"]);

    editor.keepMine();
    await vi.advanceTimersByTimeAsync(0);
    expect([state().saving, server.project.title]).toEqual(["saved", "Mine"]);
  });

  test("can be taken, and undone", async () => {
    theirs({ title: "Theirs" });
    rename("Mine");
    await quiet();
    editor.takeTheirs();
    expect([state().draft.title, state().saving]).toEqual(["Theirs", "saved"]);

    editor.undo();
    expect(state().draft.title).toBe("Mine");
  });

  test("that is older changes nothing", () => {
    editor.receive({ ...server.project, version: 0, title: "Old" });

    expect(state().draft.title).toBe("Project");
  });
});

test("news of the videos reach the draft without a new version", () => {
  rename("New");
  editor.receive({ ...server.project, clips: [clip("1", { video: null }), clip("2", { video_id: "b" })] });

  expect(state().draft.clips.map(({ problem }) => problem?.code)).toEqual(["video_deleted", undefined]);
  expect(state().draft.title).toBe("New");
});

describe("a take that arrives", () => {
  const arrive = () => {
    const clips = server.project.clips.map((each) =>
      each.id === "1" ? { ...each, video_id: "t", video: video("t"), end_s: null } : each,
    );
    server.project = { ...server.project, clips, version: server.project.version + 1 };
  };
  const videos = () => state().draft.clips.map(({ video_id }) => video_id);
  const say = (text: string) =>
    editor.edit(({ clips: [first, ...rest], ...draft }) => {
      if (!first) throw new Error("no clip");
      return { ...draft, clips: [{ ...first, prompt: { text } }, ...rest] };
    });

  beforeEach(() => {
    server.project = project(1, [prompted("1"), clip("2", { video_id: "b" })], { id: `prj ${++projects}` });
    editor = new ProjectEditor(server.project, () => undefined);
  });

  test("is the clip's video, beside edits that are not saved yet", () => {
    rename("New");
    arrive();
    editor.receive(server.project);

    expect([state().draft.title, videos(), state().version]).toEqual(["New", ["t", "b"], 2]);
    expect(state().draft.clips[0]).toMatchObject({ end_s: 10, prompt: { text: "Prompt 1" } });
  });

  test("is no conflict with a save", async () => {
    rename("New");
    arrive();
    await quiet();

    expect([state().saving, server.project.title, videos()]).toEqual(["saved", "New", ["t", "b"]]);
  });

  test("is not undone", () => {
    say("Another");
    arrive();
    editor.receive(server.project);
    editor.undo();

    expect([state().draft.clips[0]?.prompt?.text, videos()]).toEqual(["Prompt 1", ["t", "b"]]);
  });

  test("beside another change is a conflict as any other", async () => {
    rename("Mine");
    arrive();
    server.project.title = "Theirs";
    await quiet();

    expect(state().saving).toBe("conflict");
  });
});

test("a clip with a prompt that comes back keeps its id, and so its takes", async () => {
  server.project = project(1, [prompted("1"), prompted("2")], { id: `prj ${++projects}` });
  editor = new ProjectEditor(server.project, () => undefined);
  editor.edit((draft) => ({ ...draft, clips: draft.clips.slice(1) }));
  await quiet();
  editor.undo();
  await quiet();

  expect(server.calls).toEqual(["clips 2", "clips 1,2"]);
});

describe("effects of clips and of the reel", () => {
  test("are saved and undone like any edit, in one history", async () => {
    const marker = { at_s: 2, text: "Here" };
    editor.edit((draft) => ({ ...draft, edit: { ...draft.edit, markers: [marker] } }));
    editor.edit(({ clips: [first, ...rest], ...draft }) => ({ ...draft, clips: [{ ...first!, speed: 2 }, ...rest] }));
    await quiet();

    expect(server.calls).toEqual(["update markers", "clips 1,2"]);
    expect([server.project.markers, server.project.clips[0]?.speed]).toEqual([[marker], 2]);
    expect(state().saving).toBe("saved");

    editor.undo();
    expect([state().draft.clips[0]?.speed, state().draft.edit.markers]).toEqual([1, [marker]]);
    editor.undo();
    expect(state().draft.edit.markers).toEqual([]);
    await quiet();
    expect([server.project.markers, server.project.clips[0]?.speed]).toEqual([[], 1]);
  });

  test("of music that is removed, the server is told", async () => {
    server.project = project(1, [clip("1")], { id: `prj ${++projects}`, music: { video_id: "vid" } });
    editor = new ProjectEditor(server.project, () => undefined);
    editor.edit((draft) => ({ ...draft, edit: { ...draft.edit, music: null } }));
    await quiet();

    expect(server.calls).toEqual(["update music"]);
    expect(server.project.music).toBeNull();
  });

  test("a card is saved as a card, and stays one after a refresh of videos", async () => {
    editor.edit((draft) => ({ ...draft, clips: [...draft.clips, clipFromCard({ text: "The end" })] }));
    await quiet();
    editor.receive(server.project);

    expect(server.project.clips[2]).toMatchObject({ card: { text: "The end" }, end_s: 4 });
    expect(state().draft.clips[2]?.problem).toBeNull();
  });
});
