export const templateKeys = {
  all: ["templates"] as const,
  one: (id: string) => ["template", id] as const,
};
