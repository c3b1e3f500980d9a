import type { ClipVideo, Project, ProjectChanges } from "@/gen";
import { isStatus } from "@/lib/api";
import { Cell } from "@/lib/cell";
import { asProblem, type Problem } from "@/lib/problem";
import { replaceClips } from "../api/replace-clips";
import { updateProject } from "../api/update-project";
import { type Arrivals, arrivals, arrivedIn, withArrivals } from "./arrivals";
import {
  clipInput,
  type Draft,
  type DraftClip,
  draftOf,
  isStill,
  lacksVideo,
  matchedKeys,
  problemOf,
  sameClips,
  sameDraft,
  sameSettings,
  settingsOf,
} from "./draft";
import { editChanges, editOf } from "./effects";

export type Saving = "saved" | "dirty" | "saving" | "failed" | "conflict";

export type EditorState = {
  draft: Draft;
  /** The newest server state that the draft is based on. */
  base: Draft;
  version: number;
  saving: Saving;
  problem: Problem | null;
  theirs: Project | null; // only in a conflict
  canUndo: boolean;
  canRedo: boolean;
};

const QUIET_MS = 700; // an edit is saved after this pause
const AGAIN_MS = 4_000; // between retries of a failed save
const MERGE_MS = 1_000; // edits of one kind within this time are one undo step
const HISTORY = 100;

type Kept = { version: number; ids: Map<string, string>; past: Draft[]; future: Draft[] };

/** Undo history per project, for the life of the tab. */
const kept = new Map<string, Kept>();

/**
 * The editor of one project: draft, saved state and undo history.
 *
 * One save is in flight at a time, each with the version that it is based on. A concurrent change is a conflict
 * that only the user resolves. Independent of React.
 */
export class ProjectEditor {
  readonly state: Cell<EditorState>;
  readonly projectId: string;
  readonly #saved: (project: Project) => void;
  readonly #ids: Map<string, string> = new Map(); // key of a clip -> its id on the server
  #past: Draft[] = [];
  #future: Draft[] = [];
  #merge = { kind: "", at: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #save: Promise<void> | null = null;

  constructor(project: Project, saved: (project: Project) => void) {
    this.projectId = project.id;
    this.#saved = saved;
    const before = kept.get(project.id);
    if (before?.version === project.version) {
      this.#ids = new Map(before.ids);
      this.#past = [...before.past];
      this.#future = [...before.future];
    }
    const draft = draftOf(project, (clip) => this.#keyOf(clip.id));
    this.#learnIds(project, draft.clips);
    this.state = new Cell<EditorState>({
      draft,
      base: draft,
      version: project.version,
      saving: "saved",
      problem: null,
      theirs: null,
      canUndo: this.#past.length > 0,
      canRedo: this.#future.length > 0,
    });
  }

  /** Change the draft; `merge` groups edits in a row into one undo step, such as one drag of a handle. */
  edit(change: (draft: Draft) => Draft, merge = ""): void {
    const { draft } = this.state.get();
    const next = change(draft);
    if (next === draft || sameDraft(next, draft)) return;
    const now = Date.now();
    const joins = merge !== "" && merge === this.#merge.kind && now - this.#merge.at < MERGE_MS;
    this.#merge = { kind: merge, at: now };
    if (!joins) this.#past = [...this.#past, draft].slice(-HISTORY);
    this.#future = [];
    this.#show(next);
  }

  undo = (): void => this.#step("past");
  redo = (): void => this.#step("future");

  #step(from: "past" | "future"): void {
    const { draft } = this.state.get();
    const next = from === "past" ? this.#past.pop() : this.#future.pop();
    if (!next) return;
    (from === "past" ? this.#future : this.#past).push(draft);
    this.#merge = { kind: "", at: 0 };
    this.#show(next);
  }

  /** Take a newer project of the server, after a page load or a job. */
  receive(project: Project): void {
    const { draft, version, saving, base } = this.state.get();
    if (project.version < version || saving === "saving" || saving === "conflict") return;
    if (project.version === version) return this.#refreshVideos(project);
    const fresh = this.#draftOf(project);
    const arrived = arrivals(base, fresh);
    if (arrived) return this.#rebase(project, fresh, arrived);
    if (!sameDraft(draft, base)) return this.#refreshVideos(project);
    this.#learnIds(project, fresh.clips);
    this.#past = [];
    this.#future = [];
    this.#set({ draft: fresh, base: fresh, version: project.version, saving: "saved", problem: null });
  }

  /** Save now; resolves with the saved version, throws when the server refuses it. */
  flush = async (): Promise<number> => {
    clearTimeout(this.#timer);
    if (this.#save) await this.#save;
    if (this.#unsaved()) await this.#start();
    const { saving, problem, version } = this.state.get();
    if (saving === "failed" && problem) throw problem;
    if (saving === "conflict") throw new Error("The project was changed elsewhere; choose a version first.");
    return version;
  };

  /** Send unsaved edits and stop all timers, as the view unmounts. */
  leave = (): void => {
    clearTimeout(this.#timer);
    if (this.#unsaved() && this.state.get().saving !== "conflict" && !this.#save) void this.#start(true);
  };

  keepMine(): void {
    const { theirs } = this.state.get();
    if (!theirs) return;
    const base = this.#draftOf(theirs);
    this.#learnIds(theirs, base.clips);
    this.#set({ base, version: theirs.version, theirs: null, saving: "dirty" });
    void this.#start();
  }

  takeTheirs(): void {
    const { theirs, draft } = this.state.get();
    if (!theirs) return;
    const fresh = this.#draftOf(theirs);
    this.#learnIds(theirs, fresh.clips);
    this.#past = [...this.#past, draft]; // undo restores the replaced draft
    this.#future = [];
    this.#set({ draft: fresh, base: fresh, version: theirs.version, theirs: null, saving: "saved", problem: null });
    this.#saved(theirs);
  }

  /** The conflicting version as a draft, for comparison. */
  theirDraft = (): Draft | null => {
    const { theirs } = this.state.get();
    return theirs && this.#draftOf(theirs);
  };

  retrySave = (): void => void this.#start();

  #show(draft: Draft): void {
    const { base, saving } = this.state.get();
    const same = sameDraft(draft, base);
    this.#set({ draft, saving: saving === "saving" || saving === "conflict" ? saving : same ? "saved" : "dirty" });
    if (!same) this.#later(QUIET_MS);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#start(), ms);
  }

  #unsaved = (): boolean => !sameDraft(this.state.get().draft, this.state.get().base);

  async #start(keepalive = false): Promise<void> {
    if (this.#save || this.state.get().saving === "conflict") return this.#save ?? undefined;
    if (!this.#unsaved()) return this.#set({ saving: "saved", problem: null });
    this.#save = this.#send(keepalive).finally(() => {
      this.#save = null;
    });
    await this.#save;
    if (this.state.get().saving === "dirty") this.#later(QUIET_MS);
  }

  async #send(keepalive: boolean): Promise<void> {
    const { draft: sent, base, version } = this.state.get();
    this.#set({ saving: "saving", problem: null });
    try {
      let project: Project | null = null;
      const change: ProjectChanges = {};
      if (sent.title !== base.title) change.title = sent.title;
      if (!sameSettings(sent.settings, base.settings)) change.settings = sent.settings;
      Object.assign(change, editChanges(base.edit, sent.edit));
      if (Object.keys(change).length) {
        project = await updateProject(this.projectId, version, change, keepalive);
        const { title } = project;
        const saved = { ...base, title, settings: settingsOf(project), edit: editOf(project) };
        this.#set({ version: project.version, base: saved });
      }
      if (!sameClips(sent.clips, base.clips)) {
        const known = new Set(base.clips.map(({ key }) => key));
        const inputs = sent.clips.map((clip) =>
          // a clip that was removed and comes back keeps its takes by its id
          clipInput(clip, known.has(clip.key) || clip.prompt ? this.#ids.get(clip.key) : undefined),
        );
        project = await replaceClips(this.projectId, project?.version ?? version, inputs, keepalive);
      }
      if (project) this.#accept(project, sent);
      else this.#set({ saving: "saved" });
    } catch (error) {
      if (this.#followed(error)) await this.#send(keepalive);
      else this.#refused(error);
    }
  }

  /** Whether a save was refused only because takes arrived meanwhile; the draft is then based on the version with them. */
  #followed(error: unknown): boolean {
    const theirs = isStatus(error, 412) ? (error.body.current as Project | undefined) : undefined;
    if (!theirs || theirs.version <= this.state.get().version) return false;
    const fresh = this.#draftOf(theirs);
    const arrived = arrivals(this.state.get().base, fresh);
    if (arrived) this.#rebase(theirs, fresh, arrived);
    return arrived !== null;
  }

  /** Undo and redo never take back what a job made. */
  #remember(arrived: Arrivals): void {
    this.#past = this.#past.map((draft) => withArrivals(draft, arrived));
    this.#future = this.#future.map((draft) => withArrivals(draft, arrived));
  }

  /** Base the draft and its history on a version that differs only by takes that arrived. */
  #rebase(project: Project, fresh: Draft, arrived: Arrivals): void {
    this.#learnIds(project, fresh.clips);
    this.#remember(arrived);
    this.#set({ draft: withArrivals(this.state.get().draft, arrived), base: fresh, version: project.version });
    this.#refreshVideos(project);
  }

  #accept(project: Project, sent: Draft): void {
    const saved = draftOf(project, (_, n) => sent.clips[n]?.key);
    this.#learnIds(project, saved.clips);
    const arrived = arrivedIn(sent, saved);
    this.#remember(arrived);
    const { draft } = this.state.get();
    const unchanged = draft === sent;
    const news = new Map(saved.clips.map((clip) => [clip.key, clip]));
    const renewed = (clip: DraftClip): DraftClip => {
      const found = news.get(clip.key);
      return found?.video && found.video_id === clip.video_id ? { ...clip, video: found.video } : clip;
    };
    const rest = unchanged ? saved : withArrivals({ ...draft, clips: draft.clips.map(renewed) }, arrived);
    this.#set({
      draft: rest,
      base: saved,
      version: project.version,
      saving: sameDraft(rest, saved) ? "saved" : "dirty",
    });
    this.#saved(project);
  }

  #refused(error: unknown): void {
    const theirs = isStatus(error, 412) ? (error.body.current as Project | undefined) : undefined;
    if (theirs) return this.#set({ saving: "conflict", theirs });
    const problem = asProblem(error);
    this.#set({ saving: "failed", problem });
    if (problem.status === 0 || problem.status >= 500) this.#later(AGAIN_MS);
  }

  /** Update titles, posters and states of videos, which change without a new project version. */
  #refreshVideos(project: Project): void {
    const { draft, base } = this.state.get();
    const videos = new Map<string | null, ClipVideo | null>(project.clips.map((clip) => [clip.video_id, clip.video]));
    const waiting = new Map(project.clips.filter(lacksVideo).map((clip) => [clip.id, clip.problem]));
    const fresh = (clip: DraftClip): DraftClip => {
      if (lacksVideo(clip)) return { ...clip, problem: waiting.get(this.idOf(clip.key) ?? "") ?? clip.problem };
      const video = videos.get(clip.video_id);
      if (video === undefined || isStill(clip)) return clip;
      return {
        ...clip,
        video,
        end_s: clip.end_s ?? video?.duration_s ?? null,
        problem: problemOf(video, clip.start_s, clip.end_s),
      };
    };
    this.#set({ draft: { ...draft, clips: draft.clips.map(fresh) }, base: { ...base, clips: base.clips.map(fresh) } });
  }

  #learnIds(project: Project, clips: readonly DraftClip[]): void {
    project.clips.forEach((clip, n) => {
      const key = clips[n]?.key;
      if (key) this.#ids.set(key, clip.id);
    });
  }

  /** The server's id of a clip; undefined before its first save. */
  idOf = (key: string): string | undefined => this.#ids.get(key);

  #draftOf(project: Project): Draft {
    const { draft, base } = this.state.get();
    const keys = matchedKeys(project.clips, (id) => this.#keyOf(id), [
      ...base.clips,
      ...draft.clips.filter(({ key }) => !base.clips.some((clip) => clip.key === key)),
    ]);
    return draftOf(project, (_, n) => keys[n]);
  }

  #keyOf(id: string): string | undefined {
    for (const [key, known] of this.#ids) if (known === id) return key;
    return undefined;
  }

  #set(change: Partial<EditorState>): void {
    this.state.set({
      ...this.state.get(),
      ...change,
      canUndo: this.#past.length > 0,
      canRedo: this.#future.length > 0,
    });
    kept.set(this.projectId, {
      version: this.state.get().version,
      ids: this.#ids,
      past: this.#past,
      future: this.#future,
    });
  }
}
