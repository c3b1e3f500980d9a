import type { Clip, ClipVideo, Project } from "@/gen";

export const video = (id: string, given: Partial<ClipVideo> = {}): ClipVideo =>
  ({ id, title: `Video ${id}`, state: "ready", duration_s: 10, ...given }) as ClipVideo;

export const clip = (id: string, given: Partial<Clip> = {}): Clip => {
  const video_id = given.video_id ?? "a";
  const whole = { start_s: 0, end_s: 10, video: video(video_id), problem: null, prompt: null, takes: [] };
  return { id, video_id, ...whole, ...given } as Clip;
};

/** A clip that starts as a prompt, without a video. */
export const prompted = (id: string, text = `Prompt ${id}`, given: Partial<Clip> = {}): Clip =>
  clip(id, { video: null, end_s: null, prompt: { text }, ...given, video_id: null });

export const project = (version: number, clips: Clip[], given: Partial<Project> = {}): Project =>
  ({ id: "prj", title: "Project", version, settings: {}, clips, ...given }) as Project;
