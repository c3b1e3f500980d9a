export const shareKeys = {
  ofVideo: (videoId: string) => ["video", videoId, "shares"] as const,
  shared: (token: string) => ["shared", token] as const,
};
