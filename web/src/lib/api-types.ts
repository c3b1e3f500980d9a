// Provisional: the shapes of the contract, until they come from openapi.json.
export type Page<T> = { items: T[]; next_cursor: string | null };
export type Role = "admin" | "member";
export type User = { id: string; email: string; name: string | null; role: Role; disabled: boolean; created_at: string; last_sign_in_at: string | null };
export type Status = { name: string; version: string; setup_required: boolean; signed_in: boolean };
export type Me = { user: User; scopes: string[]; via: string };
export type ApiKey = { id: string; name: string; prefix: string; scopes: string[]; user_id: string; created_at: string; last_used_at: string | null; expires_at: string | null; revoked_at: string | null };
export type NewApiKey = ApiKey & { key: string };
export type Failure = { code: string; message: string; hint?: string | null };
export type VideoState = "preparing" | "ready" | "errored";
export type VideoOrigin = "upload" | "generation" | "recording" | "reel";
export type Video = {
  id: string; title: string; origin: VideoOrigin; state: VideoState; error: Failure | null;
  duration_s: number | null; width: number | null; height: number | null; fps: number | null;
  video_codec: string | null; audio_codec: string | null; size_bytes: number | null; sha256: string | null;
  filename: string | null; container: string | null; has_poster: boolean; poster_url: string | null;
  job_id: string | null; project_id: string | null; created_at: string; updated_at: string; version: number;
};
export type Playback = { url: string; path: string; expires_at: string };
export type ProjectRef = { id: string; title: string };
export type UploadRow = { id: string; filename: string | null; title: string | null; size_bytes: number | null; offset_bytes: number; expires_at: string; created_at: string };
export type JobState = "queued" | "running" | "succeeded" | "failed" | "canceled";
export type Job = {
  id: string; kind: string; title: string; state: JobState; progress: number; step: string | null; attempts: number;
  error: (Failure & { retryable: boolean }) | null; project_id: string | null; video_id: string | null; log_tail: string | null;
  eta_s: number | null; created_at: string; started_at: string | null; finished_at: string | null;
};
export type JobStep = { name: string; state: string; started_at: string | null; finished_at: string | null; error: string | null };
export type ProjectStatus = "empty" | "draft" | "stitching" | "current" | "stale" | "failed";
export type ClipVideo = { id: string; title: string; state: VideoState; duration_s: number | null; width: number | null; height: number | null; fps: number | null; poster_url: string | null; video_codec: string | null; audio_codec: string | null };
export type Clip = { id: string; video_id: string; start_s: number; end_s: number | null; duration_s: number; problem: { code: string; message: string } | null; video: ClipVideo | null };
export type ProjectSettings = { width: number | null; height: number | null; fps: number | null; background: string };
export type Reel = { video_id: string; job_id: string; stale: boolean; made_at: string; version: number; duration_s: number };
export type Project = {
  id: string; title: string; version: number; status: ProjectStatus; settings: ProjectSettings; clips: Clip[]; duration_s: number;
  active_job: Job | null; last_job: Job | null; reel: Reel | null; format: { width: number; height: number; fps: number } | null;
  created_at: string; updated_at: string;
};
export type ProjectSummary = {
  id: string; title: string; version: number; status: ProjectStatus; clip_count: number; duration_s: number; poster_url: string | null;
  reel: Reel | null; active_job: { id: string; state: JobState; progress: number } | null; created_at: string; updated_at: string;
};
export type ClipInput = { id?: string; video_id: string; start_s?: number; end_s?: number | null };
