export const imageKeys = {
  all: ["images"] as const,
  list: (filters: object) => ["images", "list", filters] as const,
};
