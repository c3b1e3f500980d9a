/** Keys below a video's, so that a job of the video refreshes them. */
export const captionKeys = {
  all: (videoId: string) => ["video", videoId, "captions"] as const,
  list: (videoId: string) => ["video", videoId, "captions", "list"] as const,
  engines: (videoId: string) => ["video", videoId, "captions", "engines"] as const,
  one: (videoId: string, id: string) => ["video", videoId, "captions", id] as const,
};
