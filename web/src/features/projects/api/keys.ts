export const projectKeys = {
  all: ["projects"] as const,
  list: (filters: object) => ["projects", "list", filters] as const,
  one: (id: string) => ["project", id] as const,
  plan: (id: string, version: number) => ["project-plan", id, version] as const,
};
