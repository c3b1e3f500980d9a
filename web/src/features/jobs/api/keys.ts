export const jobKeys = {
  all: ["jobs"] as const,
  list: (filters: object) => ["jobs", "list", filters] as const,
  groups: (filters: object) => ["jobs", "groups", filters] as const,
  active: ["jobs", "active"] as const,
  workers: ["workers"] as const,
  one: (id: string) => ["job", id] as const,
  steps: (id: string) => ["job", id, "steps"] as const,
};
