export const videoKeys = {
  all: ["videos"] as const,
  list: (filters: object) => ["videos", "list", filters] as const,
  ids: (filters: object) => ["videos", "ids", filters] as const,
  one: (id: string) => ["video", id] as const,
  projects: (id: string) => ["video", id, "projects"] as const,
};
