export const liveKeys = {
  channels: ["channels"] as const,
  list: (search: string | undefined) => ["channels", "list", search ?? ""] as const,
  channel: (id: string) => ["channels", "one", id] as const,
  broadcasts: (id: string) => ["channels", "broadcasts", id] as const,
  recordings: ["recordings"] as const,
  recording: (id: string) => ["recordings", "one", id] as const,
  recordingList: (filters: object) => ["recordings", "list", filters] as const,
};
