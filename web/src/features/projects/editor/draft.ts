import { plannedSeconds } from "@/features/generate/parameters";
import { promptTitle } from "@/features/generate/prompts";
import type { Card, Clip, ClipImage, ClipInput, ClipVideo, Project, ProjectSettings, Prompt } from "@/gen";
import { type Effects, editOf, effectsOf, NO_EFFECTS, type ReelEdit, same, sameEdit, sameEffects } from "./effects";

/** The video of a clip. A new one has no thumbnail until the first save. */
export type EditedVideo = Omit<ClipVideo, "thumbnail_url"> & { thumbnail_url?: string | null };

/** The image of a clip. */
export type EditedImage = ClipImage;

/**
 * An edited clip: a span of a video, a prompt, a still image or a title card, with its effects. `key` is stable through
 * moves, trims, undo and saves; times are in seconds of the video; an image or a card begins at 0.
 */
export type DraftClip = Effects & {
  key: string;
  video_id: string | null; // null: not generated yet, an image, or a card
  image_id: string | null;
  image: EditedImage | null; // null: deleted, or another kind of clip
  card: Card | null;
  prompt: Prompt | null;
  start_s: number;
  end_s: number | null; // null: to the end of the video
  open_end?: boolean; // saved as "to the end of the video", so that an untouched end is not a trim
  video: EditedVideo | null; // null: deleted, or not generated yet
  problem: Clip["problem"];
};

export type Draft = {
  title: string;
  settings: Required<ProjectSettings>;
  edit: ReelEdit;
  clips: readonly DraftClip[];
};

export const SHORTEST_S = 0.04; // one frame at 25 fps; the server accepts anything longer

let made = 0;
export const newKey = (): string => `c${++made}`;

const EMPTY = {
  ...NO_EFFECTS,
  video_id: null,
  image_id: null,
  image: null,
  card: null,
  prompt: null,
  video: null,
  problem: null,
};

export const clipFromVideo = (video: EditedVideo): DraftClip => ({
  ...EMPTY,
  key: newKey(),
  video_id: video.id,
  start_s: 0,
  end_s: video.duration_s,
  video,
  problem: problemOf(video, 0, video.duration_s),
});

export const clipFromPrompt = (prompt: Prompt): DraftClip => ({
  ...EMPTY,
  key: newKey(),
  prompt,
  start_s: 0,
  end_s: null,
  open_end: true,
  problem: NOT_GENERATED,
});

export const STILL_S = 4; // how long a new image or card is shown

export const clipFromImage = (image: EditedImage): DraftClip => ({
  ...EMPTY,
  key: newKey(),
  image_id: image.id,
  image,
  start_s: 0,
  end_s: STILL_S,
});

export const clipFromCard = (card: Card): DraftClip => ({ ...EMPTY, key: newKey(), card, start_s: 0, end_s: STILL_S });

/** The clip with another video, whole; it keeps its prompt, and the effects that do not depend on the video. */
export const withVideo = (clip: DraftClip, video: EditedVideo): DraftClip => ({
  ...clipFromVideo(video),
  ...effectsOf(clip),
  audio_track: null,
  captions: null,
  zoom: "none",
  key: clip.key,
  prompt: clip.prompt,
});

export const clipFromServer = (clip: Clip, key = newKey()): DraftClip => ({
  ...effectsOf(clip),
  key,
  video_id: clip.video_id,
  image_id: clip.image_id ?? null,
  image: clip.image ?? null,
  card: clip.card ?? null,
  prompt: clip.prompt ?? null,
  start_s: clip.start_s,
  end_s: lacksVideo(clip) ? null : knownEnd(clip),
  open_end: clip.end_s === null,
  video: clip.video,
  problem: clip.problem,
});

const knownEnd = (clip: Clip): number =>
  clip.end_s ?? clip.video?.duration_s ?? clip.start_s + (clip.duration_s ?? 0) * (clip.speed ?? 1);

/** The end of a clip in its video; a clip with an unknown end is empty. */
export const endOf = (clip: DraftClip): number => clip.end_s ?? clip.video?.duration_s ?? clip.start_s;
export const lengthOf = (clip: DraftClip): number => Math.max(0, endOf(clip) - clip.start_s);
/** The length of a clip, or the planned one of a clip that is not generated yet, for the strip. */
export const weightOf = (clip: DraftClip): number =>
  !lacksVideo(clip) || !clip.prompt ? lengthOf(clip) : (plannedSeconds(clip.prompt) ?? PLANNED_S);
const PLANNED_S = 4;
export const titleOf = (clip: DraftClip): string => {
  if (clip.video) return clip.video.title;
  if (clip.card) return clip.card.text.split("\n")[0] || "Title card";
  if (clip.image_id) return clip.image?.title ?? "Deleted image";
  return clip.prompt && !clip.video_id ? promptTitle(clip.prompt.text) : "Deleted video";
};

const NOT_GENERATED: Clip["problem"] = { code: "not_generated", message: "It is not generated yet." };

/** Whether the clip shows an image or a card. */
export const isStill = (clip: { image_id?: string | null; card?: Card | null }): boolean =>
  Boolean(clip.image_id || clip.card);

/** Whether the clip waits for its first take. */
export const lacksVideo = (clip: { video_id: string | null; image_id?: string | null; card?: Card | null }): boolean =>
  clip.video_id === null && !isStill(clip);

/** The problem of a clip, as far as the browser can know it before a save. */
export function problemOf(video: EditedVideo | null, start: number, end: number | null): Clip["problem"] {
  if (!video) return { code: "video_deleted", message: "Its video was deleted. Replace or remove the clip." };
  if (video.state === "preparing") return { code: "video_not_ready", message: "Its video is still being prepared." };
  if (video.state === "errored")
    return { code: "video_not_ready", message: "Its video could not be read. Replace or remove the clip." };
  const duration = video.duration_s ?? 0;
  if (start >= duration || (end ?? duration) > duration + 0.05)
    return { code: "outside_video", message: `It reaches past the end of its video (${duration.toFixed(2)} s).` };
  return null;
}

/** A trim clamped to the video and to the minimum length; `moved` names the end that yields. */
export function trimmed(clip: DraftClip, start: number, end: number, moved: "start" | "end"): DraftClip {
  if (isStill(clip)) return { ...clip, start_s: 0, end_s: rounded(Math.max(SHORTEST_S, end - start)) };
  const limit = clip.video?.duration_s ?? Math.max(end, start + SHORTEST_S);
  let [from, to] = [Math.min(Math.max(0, start), limit), Math.min(Math.max(0, end), limit)];
  if (to - from < SHORTEST_S) {
    if (moved === "start") from = Math.max(0, to - SHORTEST_S);
    else to = Math.min(limit, from + SHORTEST_S);
  }
  return {
    ...clip,
    start_s: rounded(from),
    end_s: rounded(to),
    open_end: clip.open_end && moved === "start",
    problem: problemOf(clip.video, from, to),
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** The clips with some of them moved together, so that the first of these is at a place; the same if nothing moves. */
export function gathered(clips: readonly DraftClip[], moving: readonly DraftClip[], to: number): readonly DraftClip[] {
  const rest = clips.filter((clip) => !moving.includes(clip));
  const next = [...rest.slice(0, to), ...moving, ...rest.slice(to)];
  return to < 0 || to > rest.length || next.every((clip, n) => clip === clips[n]) ? clips : next;
}

/** Whether two clips show the same video, image or card. */
export const sameSource = (a: DraftClip, b: DraftClip): boolean =>
  a.video_id === b.video_id && a.image_id === b.image_id && same(a.card, b.card);

const sameSpan = (a: DraftClip, b: DraftClip): boolean =>
  sameSource(a, b) && Math.abs(a.start_s - b.start_s) < 0.0005 && Math.abs(endOf(a) - endOf(b)) < 0.0005;

/** Whether two prompts ask for the same. */
export const samePrompt = (a: Prompt | null, b: Prompt | null): boolean => a === b || spelled(a) === spelled(b);

const spelled = (prompt: Prompt | null): string => {
  if (!prompt) return "";
  const { text, provider = null, model = null, parameters = {}, inputs = [] } = prompt;
  const files = inputs.map(({ parameter, image_id = null, video_id = null, frame = null }) => [
    parameter,
    image_id,
    video_id,
    frame && [frame.of, frame.at],
  ]);
  return JSON.stringify([text, provider, model, Object.entries(parameters).sort(), files]);
};

const sameClip = (a: DraftClip, b: DraftClip): boolean =>
  a === b || (sameSpan(a, b) && samePrompt(a.prompt, b.prompt) && sameEffects(a, b));

export const sameClips = (a: readonly DraftClip[], b: readonly DraftClip[]): boolean =>
  a.length === b.length && a.every((clip, n) => clip.key === b[n]!.key && sameClip(clip, b[n]!));

const SETTINGS = ["width", "height", "fps", "background", "codec", "timing", "sound", "loudness_lufs"] as const;

export const sameSettings = (a: Draft["settings"], b: Draft["settings"]): boolean =>
  SETTINGS.every((name) => a[name] === b[name]);

export const sameDraft = (a: Draft, b: Draft): boolean =>
  a.title === b.title &&
  sameSettings(a.settings, b.settings) &&
  sameEdit(a.edit, b.edit) &&
  sameClips(a.clips, b.clips);

export function settingsOf({ settings }: Project): Draft["settings"] {
  const { width = null, height = null, fps = null, background = "#000000" } = settings;
  const { codec = "h264", timing = "constant", sound = "copy", loudness_lufs = null } = settings;
  return { width, height, fps, background, codec, timing, sound, loudness_lufs };
}

/** A project of the server as a draft; clips with a known id keep their key. */
export function draftOf(
  project: Project,
  keyOf: (clip: Clip, n: number) => string | undefined = () => undefined,
): Draft {
  return {
    title: project.title,
    settings: settingsOf(project),
    edit: editOf(project),
    clips: project.clips.map((clip, n) => clipFromServer(clip, keyOf(clip, n))),
  };
}

/**
 * Keys for the clips of a project: by id where it is known, else of the known clip with the same span, else with
 * the same video. API clients replace clips without ids; they are still the same clips.
 */
export function matchedKeys(
  clips: readonly Clip[],
  keyOf: (id: string) => string | undefined,
  known: readonly DraftClip[],
): (string | undefined)[] {
  const keys = clips.map(({ id }) => keyOf(id));
  const free = new Map(known.map((clip) => [clip.key, clip]));
  for (const key of keys) if (key) free.delete(key);
  const take = (fits: (clip: DraftClip, other: DraftClip) => boolean) =>
    clips.forEach((clip, n) => {
      if (keys[n]) return;
      const found = [...free.values()].find((each) => fits(each, clipFromServer(clip, "")));
      if (!found) return;
      keys[n] = found.key;
      free.delete(found.key);
    });
  take(sameClip);
  take((a, b) => !lacksVideo(a) && sameSpan(a, b));
  take((a, b) => !lacksVideo(a) && sameSource(a, b));
  return keys;
}

export const clipInput = (clip: DraftClip, id: string | undefined): ClipInput => ({
  ...effectsOf(clip),
  ...(id ? { id } : {}),
  ...(isStill(clip) ? { image_id: clip.image_id, card: clip.card } : { video_id: clip.video_id, prompt: clip.prompt }),
  start_s: clip.start_s,
  end_s: clip.open_end ? null : clip.end_s,
});
